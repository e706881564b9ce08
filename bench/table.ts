/** Text tables. */

/** The first column to the left, the rest to the right; where the last one has no heading, it is text. */
export function aligned(table: readonly (readonly string[])[]): string[] {
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((row) => (row[column] ?? '').length)),
  );
  const last = widths.length - 1;
  const isText = (column: number): boolean =>
    column === 0 || (column === last && table[0]?.[last] === '');
  return table.map((row) =>
    row
      .map((cell, column) =>
        isText(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}
