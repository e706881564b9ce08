/** Whether everything that has a place lies inside its text: the nodes of a tree, diagnostics, their notes and edits. */
import type { File, Span } from '../../../grammar/ast.ts';
import type { Diagnostic } from '../../../grammar/diagnostic.ts';
import type { SourceLookup } from '../../../grammar/render.ts';

export function checkTreePlaces(file: File, text: string): void {
  const visit = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, value] of Object.entries(node))
      if (key === 'span' || key === 'opSpan') checkInside(value as Span, text, `${path}.${key}`);
      else visit(value, `${path}.${key}`);
  };
  visit(file, 'file');
}

export function checkDiagnosticPlaces(
  diagnostics: readonly Diagnostic[],
  lookup: SourceLookup,
): void {
  const check = (file: string, span: Span, what: string): void => {
    const source = lookup(file);
    if (source === undefined) throw new Error(`${what} is in the unknown file ${file}`);
    checkInside(span, source.text, what);
  };
  for (const one of diagnostics) {
    check(one.file, one.span, one.code);
    for (const note of one.notes) check(note.file, note.span, `a note of ${one.code}`);
    if (one.fix !== undefined) check(one.file, one.fix.span, `the edit of ${one.code}`);
  }
}

function checkInside({ start, end }: Span, text: string, what: string): void {
  const inside = Number.isInteger(start) && Number.isInteger(end) && start >= 0 && end >= start;
  if (!inside || end > text.length)
    throw new Error(`${what} reaches from ${start} to ${end} in a text of ${text.length}`);
}

/** In order, and none twice. */
export function checkOrder(diagnostics: readonly Diagnostic[], ownFile: string): void {
  const seen = new Set<string>();
  let last: Diagnostic | undefined;
  for (const one of diagnostics) {
    const key = `${one.code} ${one.file} ${one.span.start}`;
    if (seen.has(key)) throw new Error(`${one.code} twice at ${one.span.start}`);
    seen.add(key);
    if (one.file === ownFile && last !== undefined && last.span.start > one.span.start)
      throw new Error(`${last.code} at ${last.span.start} before ${one.code} at ${one.span.start}`);
    if (one.file === ownFile) last = one;
  }
}
