/**
 * Diagnostics as text for a person: headline, code frame, facts and help, in the form of section 5
 * of the language's reference.
 */
import type { Diagnostic } from './diagnostic.ts';
import { frame, gutterWidth, type Mark, type Paint } from './frame.ts';
import { lineStarts, positionAt, type Source } from './source.ts';
import { visible } from './visible.ts';

/** Finds a source by the name that diagnostics give. */
export type SourceLookup = (name: string) => Source | undefined;

const plain: Paint = (text) => text;

/** Sorted by file and position, with an empty line between. */
export function renderAll(
  diagnostics: readonly Diagnostic[],
  lookup: SourceLookup,
  paint: Paint = plain,
): string {
  const starts = new Map<Source, readonly number[]>();
  return sortDiagnostics(diagnostics)
    .map((diagnostic) => render(diagnostic, lookup, paint, starts))
    .join('\n\n');
}

/** What a person reads of a long list; the rest is counted. */
const mostShown = 20;

/** The first errors, then the first warnings, up to a number that can be read; the others are counted. */
export function renderFirst(
  diagnostics: readonly Diagnostic[],
  lookup: SourceLookup,
  paint: Paint = plain,
): string {
  if (diagnostics.length <= mostShown) return renderAll(diagnostics, lookup, paint);
  const sorted = sortDiagnostics(diagnostics);
  const ordered = [
    ...sorted.filter((d) => d.severity === 'error'),
    ...sorted.filter((d) => d.severity === 'warning'),
  ];
  const shown = renderAll(ordered.slice(0, mostShown), lookup, paint);
  const more = String(diagnostics.length - mostShown).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${shown}\n\n${paint(`and ${more} more`, 'strong')}`;
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

/** One diagnostic, without a line end behind it. `known` keeps line starts from one to the next. */
export function render(
  diagnostic: Diagnostic,
  lookup: SourceLookup,
  paint: Paint = plain,
  known: Map<Source, readonly number[]> = new Map(),
): string {
  const { severity, code, message, help } = diagnostic;
  const frames = framesOf(diagnostic, lookup, known);
  const width = Math.max(2, ...frames.map(({ starts, marks }) => gutterWidth(starts, marks)));
  const head = visible(message);
  const lines = [`${paint(`${severity}[${code}]`, severity)}${paint(`: ${head}`, 'strong')}`];
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
    lines.push(`${paint(`${' '.repeat(width)} =`, 'gutter')} ${visible(fact)}`);
  }
  if (help !== undefined) lines.push(`${paint('help', 'help')}: ${visible(help)}`);
  return lines.join('\n');
}

interface FileMarks {
  readonly source: Source;
  readonly starts: readonly number[];
  readonly marks: readonly Mark[];
}

/** The diagnostic's own file first, then those of its notes; files without a source are left out. */
function framesOf(
  diagnostic: Diagnostic,
  lookup: SourceLookup,
  known: Map<Source, readonly number[]>,
): readonly FileMarks[] {
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
    const starts = known.get(source) ?? lineStarts(source.text);
    known.set(source, starts);
    return [{ source, starts, marks: [...own, ...others] }];
  });
}
