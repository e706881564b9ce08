/** Two printed tensor types one above the other, with a mark under the axis where they differ. */

/**
 * `f32[b, 28, 10]` and `f32[batch, 14, 10]` become three lines: both with their axes in columns,
 * and carets under `axis` (negative: counted from the right). Types that cannot be laid out so are
 * returned as they are.
 */
export function alignShapes(first: string, second: string, axis: number): readonly string[] {
  const rows = [first, second].map(splitType);
  const [a, b] = rows;
  if (a === undefined || b === undefined || a.axes.length !== b.axes.length) return [first, second];
  const widths = a.axes.map((text, i) => Math.max(text.length, (b.axes[i] ?? '').length));
  const headWidth = Math.max(a.head.length, b.head.length);
  const print = (row: { head: string; axes: readonly string[] }): string =>
    `${row.head.padStart(headWidth)}[${row.axes
      .map((text, i) => text.padStart(widths[i] ?? 0))
      .join(', ')}]`;
  const marked = axis < 0 ? axis + widths.length : axis;
  const width = widths[marked];
  if (width === undefined) return [print(a), print(b)];
  const before = widths.slice(0, marked).reduce((sum, w) => sum + w + 2, headWidth + 1);
  return [print(a), print(b), ' '.repeat(before) + '^'.repeat(width)];
}

function splitType(type: string): { head: string; axes: readonly string[] } | undefined {
  const match = /^(\w*)\[(.*)\]$/.exec(type);
  if (match === null) return undefined;
  return { head: match[1] ?? '', axes: splitOutsideParentheses(match[2] ?? '') };
}

/** An axis may itself hold a call with commas: `max(a, b)`. */
function splitOutsideParentheses(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const char of text) {
    if (char === '(') depth++;
    if (char === ')') depth--;
    if (char === ',' && depth === 0) {
      parts.push(part.trim());
      part = '';
    } else {
      part += char;
    }
  }
  parts.push(part.trim());
  return parts;
}
