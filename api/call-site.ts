/**
 * Where in the user's program a call of this API stands. Messages point there as they point into a file: the
 * first frame of the stack that is not ours gives line and column, and where the text of the program can be read,
 * the call's own words are found in it.
 */

import type { Place } from '../compiler/elaborate/value.ts';
import type { Source, Span } from '../grammar/index.ts';
import { callAt, optionIn } from './call-text.ts';
import { type Call, wordsOf } from './call-words.ts';
import { type Frame, stackFrames } from './stack-frame.ts';
import { stackMark } from './stack-mark.ts';

export interface CallSite {
  readonly source: Source;
  readonly whole: Place;
  /** Of the value that a method is called on. */
  readonly receiver: Place;
  /** Of argument i; the whole call where it is not found. */
  arg(i: number): Place;
  /** Of an option in the object that is argument i; the argument where it is not found. */
  option(i: number, key: string): OptionPlaces;
}

export interface OptionPlaces {
  readonly name: Place;
  readonly value: Place;
}

/** Whether a text is that of a program, or stands for one, and not one of the language. */
export const isProgram = (source: Source): boolean =>
  source instanceof BlankText || programs.has(source);
const programs = new WeakSet<Source>();

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
/** As stacks write it: a bundler may have made another thing of `import.meta.url`. */
const own = withoutScheme(stackFrames(1)[0]?.url ?? '');
const root = own.slice(0, own.lastIndexOf('/api/') + 1);
const ours = ['api/', 'compiler/', 'grammar/'].map((folder) => root + folder);
const isOurs = (file: string): boolean =>
  file === own || (root !== '' && ours.some((folder) => file.startsWith(folder)));

/** Frames of ours above the program's are few. */
const FRAMES = 25;

const callerFrame = (): Frame | undefined =>
  stackFrames(FRAMES).find(({ url }) => !url.startsWith('node:') && !isOurs(withoutScheme(url)));

let fixed: CallSite | undefined;

/** What `body` calls stands at `site`: a model is built again later, from other places of the program. */
export function standingAt<T>(site: CallSite, body: () => T): T {
  const outer = fixed;
  fixed = site;
  try {
    return body();
  } finally {
    fixed = outer;
  }
}

/** Of the call of ours that runs now, from the user's program; what is called is said where the program's text is not known. */
export function callSite(call?: Call): CallSite {
  if (fixed !== undefined) return fixed;
  const frame = callerFrame();
  if (frame === undefined)
    return blankSite({ source: nowhere, span: nowhere.spanOf(1), mark: stackMark() }, call);
  const source = sourceOf(frame.url);
  const at = source === undefined ? undefined : offsetOf(source.text, frame);
  const found = source === undefined || at === undefined ? undefined : callAt(source.text, at);
  if (source === undefined || found === undefined) return lineSite(frame, source, call);
  return siteOf(source, found.whole, found.receiver, found.args);
}

function sourceOf(url: string): Source | undefined {
  if (!known.has(url)) known.set(url, readModule(url));
  const source = known.get(url);
  if (source !== undefined) programs.add(source);
  return source;
}

function offsetOf(text: string, { line, column }: Frame): number | undefined {
  let start = 0;
  for (let n = 1; n < line; n++) {
    start = text.indexOf('\n', start) + 1;
    if (start === 0) return undefined;
  }
  return start + column - 1;
}

/** Only line and column are known: of a text that cannot be read, or of one where no call stands there. */
function lineSite(frame: Frame, source: Source | undefined, call?: Call): CallSite {
  if (source !== undefined) {
    const start = Math.min(offsetOf(source.text, frame) ?? 0, source.text.length - 1);
    return siteOf(source, { start, end: start + 1 });
  }
  const { url, line, column } = frame;
  const blank = blanks.get(url) ?? new BlankText(url.replace(/^.*\//, ''));
  blanks.set(url, blank);
  return blankSite({ source: blank, span: blank.spanOf(line), mark: String(column) }, call);
}

function blankSite(at: Place, call: Call | undefined): CallSite {
  return {
    source: at.source,
    whole: call === undefined ? at : { ...at, words: wordsOf(call) },
    receiver: at,
    arg: () => at,
    option: () => ({ name: at, value: at }),
  };
}

/** Stands for a text that cannot be read: `…` for the words of every line, so that messages name the line. */
class BlankText implements Source {
  readonly name: string;
  #lines = 0;

  constructor(name: string) {
    this.name = name;
  }
  get text(): string {
    return `${BLANK}\n`.repeat(this.#lines);
  }
  spanOf(line: number): Span {
    this.#lines = Math.max(this.#lines, line);
    const start = (line - 1) * (BLANK.length + 1);
    return { start, end: start + BLANK.length };
  }
}
const BLANK = '…';
const blanks = new Map<string, BlankText>();
/** A program in one file with this module, or in an engine without stacks. */
const nowhere = new BlankText('(program)');

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
    option(i, key) {
      const span = args[i] ?? whole;
      const found = optionIn(source.text, span, key);
      return { name: at(found?.name ?? span), value: at(found?.value ?? span) };
    },
  };
}
