/** Lines of a stack as the engines write them; none of this is specified (https://v8.dev/docs/stack-trace-api for V8's). */

export interface Frame {
  /** Of the module: an address, or the path of a file. */
  readonly url: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
}

/** The frame that a line tells of; undefined where it tells none. Spaces, `@` and parentheses may stand in a path. */
export function frameOf(text: string): Frame | undefined {
  const [, url = '', line, column] = /^(.*):(\d+):(\d+)$/.exec(placeIn(text.trim())) ?? [];
  return url === '' ? undefined : { url, line: Number(line), column: Number(column) };
}

/** `at f (file:///a.ts:1:2)` and `at file:///a.ts:1:2` of V8, `f@https://host/a.js:1:2` and the bare address of the others. */
function placeIn(line: string): string {
  const ofV8 = /^at (?:.*? \((.*)\)|(?:async )?(.*))$/.exec(line);
  if (ofV8 !== null) return ofV8[1] ?? ofV8[2] ?? '';
  return /^[a-z-]+:\/\//.test(line) ? line : line.slice(line.indexOf('@') + 1);
}

/** The stack, innermost first, and at most so many frames of it; an engine may have a limit of its own. */
export function stackFrames(most: number): readonly Frame[] {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = most;
  const { stack = '' } = new Error();
  Error.stackTraceLimit = limit;
  return stack.split('\n').flatMap((line) => frameOf(line) ?? []);
}
