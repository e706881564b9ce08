/** Diagnostics as JSON, for editors and scripts (`--json`): plain data with lines and columns. */
import type { Span } from './ast.ts';
import type { Diagnostic } from './diagnostic.ts';
import { type SourceLookup, sortDiagnostics } from './render.ts';
import { lineStarts, positionAt } from './source.ts';

/** Offsets in UTF-16 units from 0, end exclusive; lines and columns from 1. */
export interface JsonRange {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly line?: number;
  readonly column?: number;
  readonly endLine?: number;
  readonly endColumn?: number;
}

export interface JsonDiagnostic {
  readonly code: string;
  readonly severity: Diagnostic['severity'];
  readonly message: string;
  readonly range: JsonRange;
  readonly label?: string;
  readonly notes: readonly { readonly message: string; readonly range: JsonRange }[];
  readonly facts: readonly string[];
  readonly help?: string;
  readonly fix?: { readonly range: JsonRange; readonly text: string };
}

/** Sorted as `renderAll` sorts. Lines and columns are left out where there is no source. */
export function toJson(
  diagnostics: readonly Diagnostic[],
  lookup: SourceLookup,
): readonly JsonDiagnostic[] {
  const starts = new Map<string, readonly number[] | undefined>();
  const range = (file: string, span: Span): JsonRange => {
    if (!starts.has(file)) {
      const source = lookup(file);
      starts.set(file, source === undefined ? undefined : lineStarts(source.text));
    }
    const lines = starts.get(file);
    if (lines === undefined) return { file, ...span };
    const { line, column } = positionAt(lines, span.start);
    const end = positionAt(lines, span.end);
    const { start, end: endOffset } = span;
    return { file, start, end: endOffset, line, column, endLine: end.line, endColumn: end.column };
  };
  return sortDiagnostics(diagnostics).map((diagnostic) => ({
    code: diagnostic.code,
    severity: diagnostic.severity,
    message: diagnostic.message,
    range: range(diagnostic.file, diagnostic.span),
    ...(diagnostic.label === undefined ? {} : { label: diagnostic.label }),
    notes: diagnostic.notes.map((note) => ({
      message: note.message,
      range: range(note.file, note.span),
    })),
    facts: diagnostic.facts ?? [],
    ...(diagnostic.help === undefined ? {} : { help: diagnostic.help }),
    ...(diagnostic.fix === undefined
      ? {}
      : { fix: { range: range(diagnostic.file, diagnostic.fix.span), text: diagnostic.fix.text } }),
  }));
}
