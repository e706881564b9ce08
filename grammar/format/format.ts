/**
 * The canonical text of a file: 100 columns, two spaces, comments where they were. Words and comments
 * are those of the text itself; the tree decides what stands between them.
 */
import type { File } from '../ast.ts';
import { lines } from './brackets.ts';
import { createCursor } from './cursor.ts';
import type { Doc } from './doc.ts';
import { expression } from './expressions.ts';
import { item, statements } from './items.ts';
import { layout } from './layout.ts';
import type { Printer } from './printer.ts';

const lineWidth = 100;

/** `file` is what `parse` made of `text`, without an error. */
export function format(text: string, file: File): string {
  const at = createCursor(text);
  const p: Printer = {
    at,
    expression: (node) => expression(p, node),
    statements: (body) => statements(p, body),
  };
  const pinned = file.version === undefined ? [] : (['version'] as const);
  const print = (one: File['items'][number] | 'version'): Doc =>
    one === 'version' ? [at.take(), ' ', at.take()] : item(p, one);
  return layout(lines(at, [...pinned, ...file.items], print), lineWidth);
}
