/** Rows of text in columns. Pure. */
import { stripVTControlCharacters } from 'node:util';

export type Align = 'left' | 'right';

/** Columns are as wide as their widest cell, two blanks apart; the last left-aligned one is not padded. */
export function tableLines(
  rows: readonly (readonly string[])[],
  aligns: readonly Align[] = [],
): readonly string[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(0, ...rows.map((row) => visibleWidth(row[column] ?? ''))),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => pad(cell, widths[column] ?? 0, aligns[column] ?? 'left'))
      .join('  ')
      .trimEnd(),
  );
}

export function pad(text: string, width: number, align: Align): string {
  const blanks = ' '.repeat(Math.max(0, width - visibleWidth(text)));
  return align === 'left' ? text + blanks : blanks + text;
}

/** Characters on the screen: colours take none. */
export const visibleWidth = (text: string): number => [...stripVTControlCharacters(text)].length;

/** At most `width` characters; where that cuts, the last one is `…`. For text without colours. */
export function clipped(text: string, width: number): string {
  const characters = [...text];
  if (characters.length <= width) return text;
  return width <= 0 ? '' : `${characters.slice(0, width - 1).join('')}…`;
}
