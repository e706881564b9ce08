/**
 * Where in the user's program a call of this API stands. Messages point there as they point into a file: the
 * first frame of the stack that is not ours gives line and column, and where the text of the program can be read,
 * the call's own words are found in it.
 */

import type { Place } from '../compiler/elaborate/value.ts';
import type { Source, Span } from '../grammar/index.ts';
import { callAt } from './call-text.ts';

export interface CallSite {
  readonly source: Source;
  readonly whole: Place;
  /** Of the value that a method is called on. */
  readonly receiver: Place;
  /** Of argument i; the whole call where it is not found. */
  arg(i: number): Place;
}

/** Gives the name to show and the text of a module; undefined where it cannot be read. */
export type ReadModule = (url: string) => Source | undefined;

let readModule: ReadModule = () => undefined;
const known = new Map<string, Source | undefined>();

/** Where there are files, their text makes better messages. */
export function readModulesWith(read: ReadModule): void {
  readModule = read;
  known.clear();
}

const withoutScheme = (url: string): string => url.replace(/^file:\/\//, '').replace(/\?.*$/, '');
const own = withoutScheme(import.meta.url);
const root = own.slice(0, own.lastIndexOf('/api/') + 1);
const ours = ['api/', 'compiler/', 'grammar/'].map((folder) => root + folder);
const isOurs = (file: string): boolean =>
  file === own || (root !== '' && ours.some((folder) => file.startsWith(folder)));

interface Frame {
  readonly url: string;
  readonly line: number;
  readonly column: number;
}

/** `at f (file:///a.ts:1:2)` of V8, `f@https://host/a.js:1:2` of the others. */
const frameForm = /(?:\(|@|\bat )((?:[a-z-]+:\/\/)?[^\s()@]*?[^\s()@:]):(\d+):(\d+)\)?$/;

function callerFrame(): Frame | undefined {
  const most = Error.stackTraceLimit;
  Error.stackTraceLimit = 25;
  const { stack = '' } = new Error();
  Error.stackTraceLimit = most;
  for (const text of stack.split('\n')) {
    const [, url, line, column] = frameForm.exec(text.trim()) ?? [];
    if (url === undefined || url.startsWith('node:') || isOurs(withoutScheme(url))) continue;
    return { url, line: Number(line), column: Number(column) };
  }
  return undefined;
}

/** Of the call of ours that runs now, from the user's program. */
export function callSite(): CallSite {
  const frame = callerFrame();
  if (frame === undefined) return siteOf(nowhere, { start: 0, end: 0 });
  const source = sourceOf(frame.url);
  const at = source === undefined ? undefined : offsetOf(source.text, frame);
  const found = source === undefined || at === undefined ? undefined : callAt(source.text, at);
  if (source === undefined || found === undefined) return lineSite(frame, source);
  return siteOf(source, found.whole, found.receiver, found.args);
}

const nowhere: Source = { name: '(program)', text: '' };

function sourceOf(url: string): Source | undefined {
  if (!known.has(url)) known.set(url, readModule(url));
  return known.get(url);
}

function offsetOf(text: string, { line, column }: Frame): number | undefined {
  let start = 0;
  for (let n = 1; n < line; n++) {
    start = text.indexOf('\n', start) + 1;
    if (start === 0) return undefined;
  }
  return start + column - 1;
}

/** Only the line is known: a source that is empty up to there, so that messages name it, and has `…` for its words. */
function lineSite({ url, line, column }: Frame, source: Source | undefined): CallSite {
  const key = `${url}:${line}`;
  const blank = lines.get(key) ?? {
    name: source?.name ?? url.replace(/^.*\//, ''),
    text: `${'\n'.repeat(line - 1)}${source?.text.split('\n')[line - 1] ?? '…'}`,
  };
  lines.set(key, blank);
  const start = Math.min(line - 1 + (source === undefined ? 0 : column - 1), blank.text.length - 1);
  return siteOf(blank, { start, end: start + 1 });
}
const lines = new Map<string, Source>();

function siteOf(
  source: Source,
  whole: Span,
  receiver: Span = whole,
  args: readonly Span[] = [],
): CallSite {
  const at = (span: Span): Place => ({ source, span });
  return {
    source,
    whole: at(whole),
    receiver: at(receiver),
    arg: (i) => at(args[i] ?? whole),
  };
}
