/**
 * A source text and the way from offsets to lines and columns. Spans are offsets everywhere; lines
 * and columns exist only in messages, so they are computed only when one is made.
 */
import type { Span } from './ast.ts';

export interface Source {
  /** The name in messages: the path as the user gave it. */
  readonly name: string;
  readonly text: string;
}

/** Both count from 1; the column counts UTF-16 units, as editors do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Offsets at which the lines of a text start. `\n`, `\r\n` and `\r` end a line. */
export function lineStarts(text: string): readonly number[] {
  if (latest?.text === text) return latest.starts;
  const starts = [0];
  for (const match of text.matchAll(/\r\n|\n|\r/g)) starts.push(match.index + match[0].length);
  latest = { text, starts };
  return starts;
}

/** Thousands of warnings ask for the lines of one text; without this, each would read all of it. */
let latest: { readonly text: string; readonly starts: readonly number[] } | undefined;

/** An offset outside the text counts as its nearest end. */
export function positionAt(starts: readonly number[], offset: number): Position {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return { line: low + 1, column: Math.max(0, offset - (starts[low] ?? 0)) + 1 };
}

/** Of one offset; for many in one text, keep its line starts. */
export const positionIn = (text: string, offset: number): Position =>
  positionAt(lineStarts(text), offset);

/** The line of one offset, for messages that speak of "line 3". */
export const lineAt = (text: string, offset: number): number => positionIn(text, offset).line;

/** Line `line` (from 1) without its end. */
export function lineText(text: string, starts: readonly number[], line: number): string {
  const start = starts[line - 1] ?? text.length;
  const end = starts[line] ?? text.length;
  return text.slice(start, end).replace(/[\r\n]+$/, '');
}

/** The user's own words at a span, on one line and cut to `limit` characters. */
export function excerpt(text: string, span: Span, limit: number = 40): string {
  const words = text.slice(span.start, span.end).replace(/\s+/g, ' ').trim();
  return words.length <= limit ? words : `${words.slice(0, limit - 3)}...`;
}
