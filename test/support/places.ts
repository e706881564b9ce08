/**
 * What a program says of its places, which tell its layers apart: words where its text can be read, line and column where it
 * cannot, and nothing where all of it is in one file with the compiler.
 */
import { type ReadModule, readModulesWith } from '../../api/call-site.ts';
import { readModuleFile } from '../../api/read-module-file.ts';

export interface Places {
  readonly called: string;
  readonly read: ReadModule;
  readonly hasStacks: boolean;
}

const unread: ReadModule = () => undefined;
export const places: readonly Places[] = [
  { called: 'read', read: readModuleFile, hasStacks: true },
  { called: 'unread', read: unread, hasStacks: true },
  { called: 'unknown', read: unread, hasStacks: false },
];

/** Of all that is built from now on, until what it gives is called. */
export function usePlaces({ read, hasStacks }: Places): () => void {
  readModulesWith(read);
  const own = Error.prepareStackTrace;
  if (!hasStacks) Error.prepareStackTrace = () => '';
  return () => {
    if (own === undefined) delete (Error as Partial<ErrorConstructor>).prepareStackTrace;
    else Error.prepareStackTrace = own;
  };
}
