/**
 * Diagnostics as text for a person: headline, code frame, facts and help, in the form of section 5
 * of the language's reference.
 */
import type { Diagnostic } from './diagnostic.ts';
import { frame, gutterWidth, type Mark, type Paint } from './frame.ts';
import { lineStarts, positionAt, type Source } from './source.ts';

/** Finds a source by the name that diagnostics give. */
export type SourceLookup = (name: string) => Source | undefined;

const plain: Paint = (text) => text;

/** Sorted by file and position, with an empty line between. */
export function renderAll(
  diagnostics: readonly Diagnostic[],
  lookup: SourceLookup,
  paint: Paint = plain,
): string {
  return sortDiagnostics(diagnostics)
    .map((diagnostic) => render(diagnostic, lookup, paint))
    .join('\n\n');
}

/** In the order of the files' first diagnostics, then by position; errors before warnings there. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const files = [...new Set(diagnostics.map((diagnostic) => diagnostic.file))];
  return diagnostics.toSorted(
    (a, b) =>
      files.indexOf(a.file) - files.indexOf(b.file) ||
      a.span.start - b.span.start ||
      a.severity.localeCompare(b.severity) ||
      a.code.localeCompare(b.code),
  );
}

/** One diagnostic, without a line end behind it. */
export function render(diagnostic: Diagnostic, lookup: SourceLookup, paint: Paint = plain): string {
  const { severity, code, message, help } = diagnostic;
  const frames = framesOf(diagnostic, lookup);
  const width = Math.max(2, ...frames.map(({ starts, marks }) => gutterWidth(starts, marks)));
  const lines = [`${paint(`${severity}[${code}]`, severity)}${paint(`: ${message}`, 'strong')}`];
  frames.forEach(({ source, starts, marks }, i) => {
    const at = marks[0]?.span.start ?? 0;
    const { line, column } = positionAt(starts, at);
    const arrow = paint(`${' '.repeat(width)}${i === 0 ? '-->' : ':::'}`, 'gutter');
    lines.push(`${arrow} ${source.name}:${line}:${column}`);
    lines.push(...frame(source.text, starts, marks, width, severity, paint));
  });
  if (frames.length === 0) {
    lines.push(`${paint(`${' '.repeat(width)}-->`, 'gutter')} ${diagnostic.file}`);
  }
  for (const fact of diagnostic.facts ?? []) {
    lines.push(`${paint(`${' '.repeat(width)} =`, 'gutter')} ${fact}`);
  }
  if (help !== undefined) lines.push(`${paint('help', 'help')}: ${help}`);
  return lines.join('\n');
}

interface FileMarks {
  readonly source: Source;
  readonly starts: readonly number[];
  readonly marks: readonly Mark[];
}

/** The diagnostic's own file first, then those of its notes; files without a source are left out. */
function framesOf(diagnostic: Diagnostic, lookup: SourceLookup): readonly FileMarks[] {
  const { file, span, label, notes } = diagnostic;
  const files = [...new Set([file, ...notes.map((note) => note.file)])];
  return files.flatMap((name) => {
    const source = lookup(name);
    if (source === undefined) return [];
    const own: readonly Mark[] = name === file ? [{ span, sign: '^', label }] : [];
    const others = notes
      .filter((note) => note.file === name)
      .map(
        (note): Mark => ({
          span: note.span,
          sign: note.equal === true ? '^' : '-',
          label: note.message,
        }),
      );
    return [{ source, starts: lineStarts(source.text), marks: [...own, ...others] }];
  });
}
