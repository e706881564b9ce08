/**
 * What a program says of its places, which tell its layers apart: words where its text can be read, line and column where it
 * cannot, positions of the stack in one file with the compiler, and nothing in an engine without stacks.
 */
import { type ReadModule, readModulesWith } from '../../api/call-site.ts';
import { readModuleFile } from '../../api/read-module-file.ts';

export interface Places {
  readonly called: string;
  readonly read: ReadModule;
  /** A frame as the stack has it. */
  readonly line?: (frame: NodeJS.CallSite) => string;
}

/** A module of the library: what is in one file with it. */
const ours = new URL('../../api/call-site.ts', import.meta.url).href;
const unread: ReadModule = () => undefined;
export const places: readonly Places[] = [
  { called: 'read', read: readModuleFile },
  { called: 'unread', read: unread },
  {
    called: 'bundled',
    read: unread,
    line: (frame) => `    at ${ours}:${frame.getLineNumber()}:${frame.getColumnNumber()}`,
  },
  { called: 'unknown', read: unread, line: () => '' },
];

/** Of all that is built from now on, until what it gives is called. */
export function usePlaces({ read, line }: Places): () => void {
  readModulesWith(read);
  const own = Error.prepareStackTrace;
  if (line !== undefined)
    Error.prepareStackTrace = (_, frames) => ['Error', ...frames.map(line)].join('\n');
  return () => {
    if (own === undefined) delete (Error as Partial<ErrorConstructor>).prepareStackTrace;
    else Error.prepareStackTrace = own;
  };
}
