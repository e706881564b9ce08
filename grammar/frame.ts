/**
 * The code frame of a diagnostic: the source lines it speaks of with marks and labels under them. A
 * frame shows one file; several marks on one line share the row of marks, and each further label has
 * a row of its own, the rightmost first.
 */
import type { Span } from './ast.ts';
import { lineText, positionAt } from './source.ts';
import { visible } from './visible.ts';

export type Style = 'error' | 'warning' | 'note' | 'help' | 'gutter' | 'strong';
/** Colours a piece of text, or gives it back as it is. */
export type Paint = (text: string, style: Style) => string;

export interface Mark {
  readonly span: Span;
  /** `^` for the place itself, `-` for a place that explains it. */
  readonly sign: '^' | '-';
  readonly label?: string | undefined;
}

interface PlacedMark extends Mark {
  readonly line: number;
  /** From 0, in characters as they are shown. */
  readonly column: number;
  readonly width: number;
}

/** A row under a source line: marks or indentation, then a label and where its value came from. */
interface Row {
  readonly lead: string;
  readonly sign: '^' | '-';
  readonly text: string;
  readonly origin: string;
}

/** Columns between the longest label of a line and the origins, which stand in a column. */
const originGap = 8;

/** Width of the line numbers, the same for all frames of one message. */
export function gutterWidth(starts: readonly number[], marks: readonly Mark[]): number {
  const lines = marks.map((mark) => positionAt(starts, mark.span.start).line);
  return Math.max(2, ...lines.map((line) => String(line).length));
}

/** The lines of the frame, without the one that names the file. */
export function frame(
  text: string,
  starts: readonly number[],
  marks: readonly Mark[],
  width: number,
  severity: 'error' | 'warning',
  paint: Paint,
): readonly string[] {
  const placed = marks.map((mark) => place(text, starts, mark));
  const lines = [...new Set(placed.map((mark) => mark.line))].toSorted((a, b) => a - b);
  const bar = paint(`${' '.repeat(width)} |`, 'gutter');
  const out = [bar];
  lines.forEach((line, i) => {
    const before = lines[i - 1];
    if (before !== undefined && before + 1 < line) out.push(paint('...', 'gutter'));
    const here = placed.filter((mark) => mark.line === line);
    const { text: source, marks: shown } = aroundMarks(lineText(text, starts, line), here);
    const number = paint(`${String(line).padStart(width)} |`, 'gutter');
    out.push(source === '' ? number : `${number} ${visible(source)}`);
    for (const row of rows(source, shown)) {
      const style = row.sign === '^' ? severity : 'note';
      out.push(`${bar} ${paint(`${row.lead}${visible(row.text)}${row.origin}`, style)}`);
    }
  });
  return out;
}

/** Characters of a line that are shown; a longer one is cut around the place that it is about. */
const longestLine = 160;
const beforePlace = 60;

function aroundMarks(
  line: string,
  marks: readonly PlacedMark[],
): { readonly text: string; readonly marks: readonly PlacedMark[] } {
  if (line.length <= longestLine) return { text: line, marks };
  const chars = [...line];
  const main = marks.find((mark) => mark.sign === '^') ?? marks[0];
  const from = Math.max(0, (main?.column ?? 0) - beforePlace);
  const to = Math.min(chars.length, from + longestLine);
  const [before, after] = [from > 0 ? '…' : '', to < chars.length ? '…' : ''];
  const text = `${before}${chars.slice(from, to).join('')}${after}`;
  const last = [...text].length - 1;
  const shown = marks.map((mark): PlacedMark => {
    const start = clamp(mark.column - from + before.length, 0, last);
    const end = clamp(mark.column + mark.width - from + before.length, start + 1, last + 1);
    return { ...mark, column: start, width: end - start };
  });
  return { text, marks: shown };
}

const clamp = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high);

function place(text: string, starts: readonly number[], mark: Mark): PlacedMark {
  const { line, column } = positionAt(starts, mark.span.start);
  const source = lineText(text, starts, line);
  const from = Math.min(column - 1, source.length);
  const to = Math.min(from + mark.span.end - mark.span.start, source.length);
  // Characters outside the basic plane are two units wide in offsets and one on the screen.
  const shown = (start: number, end: number): number => [...source.slice(start, end)].length;
  return { ...mark, line, column: shown(0, from), width: Math.max(1, shown(from, to)) };
}

function rows(source: string, marks: readonly PlacedMark[]): readonly Row[] {
  const ordered = marks.toSorted(
    (a, b) =>
      b.column - a.column || b.width - a.width || Number(b.sign === '^') - Number(a.sign === '^'),
  );
  const [last] = ordered;
  if (last === undefined) return [];
  const signs = signRow(source, marks);
  const sign: Row['sign'] = marks.some((mark) => mark.sign === '^') ? '^' : '-';
  const others = ordered.filter((mark) => mark !== last && mark.label !== undefined);
  const labelled = [
    { mark: last, lead: last.label === undefined ? signs : `${signs} `, sign },
    ...others.map((mark) => ({ mark, lead: indent(source, mark.column), sign: mark.sign })),
  ];
  const split = labelled.map((row) => ({ ...row, ...splitOrigin(row.mark.label ?? '') }));
  const aligned = split.filter((row) => row.origin !== '').length > 1;
  const column = Math.max(...split.map((row) => row.lead.length + row.text.length)) + originGap;
  return split.map(({ lead, text, origin, sign: rowSign }) => {
    const gap = aligned ? column - lead.length - text.length : 1;
    return { lead, text, origin: origin === '' ? '' : ' '.repeat(gap) + origin, sign: rowSign };
  });
}

/** `f32[n]: 3 rows (param, line 4)` in two: what it is, and where it comes from. */
function splitOrigin(label: string): { text: string; origin: string } {
  const match = /^(.*?)\s+(\((?:.*, )?line \d+\))$/.exec(label);
  return { text: match?.[1] ?? label, origin: match?.[2] ?? '' };
}

/** All signs of a line; where two marks overlap `^` is on top. */
function signRow(source: string, marks: readonly PlacedMark[]): string {
  const end = Math.max(...marks.map((mark) => mark.column + mark.width));
  const signs = [...indent(source, end)];
  for (const sign of ['-', '^'] as const) {
    for (const mark of marks.filter((other) => other.sign === sign)) {
      signs.fill(sign, mark.column, mark.column + mark.width);
    }
  }
  return signs.join('');
}

/** Blanks as wide as the start of a line, whose tabs they keep. */
function indent(source: string, width: number): string {
  const chars = [...source];
  return Array.from({ length: width }, (_, i) => (chars[i] === '\t' ? '\t' : ' ')).join('');
}
