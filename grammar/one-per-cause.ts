/**
 * Which syntax diagnostics are worth reporting. A mistake that made the parser lose its way within a
 * statement explains whatever it stumbles over in the rest of it, so only the first of those is
 * shown; the next statement starts afresh.
 */
import type { Diagnostic } from './diagnostic.ts';
import type { Scanned } from './scan/scan.ts';
import { lineStarts, positionAt, type Source } from './source.ts';

/**
 * `exact` diagnostics name one known mistake and leave the rest of the statement sound; `rough` ones
 * say where sense was lost. Sorted by position.
 */
export function onePerCause(
  source: Source,
  scanned: Scanned,
  exact: readonly Diagnostic[],
  rough: readonly Diagnostic[],
): readonly Diagnostic[] {
  const lines = lineStarts(source.text);
  const starts = scanned.starts.toSorted((a, b) => a - b);
  const lineOf = (offset: number): number => positionAt(lines, offset).line;
  const isRough = new Set(rough);
  const kept: Diagnostic[] = [];
  let lost: number | undefined;
  let last: { readonly statement: number; readonly line: number } | undefined;
  for (const diagnostic of sorted([...exact, ...rough])) {
    const place = causeOf(source, diagnostic);
    const line = lineOf(place);
    const statement = starts.findLastIndex((start) => start <= place);
    if (isSyntax(diagnostic)) {
      if (scanned.strayLines.has(line) || lost === statement) continue;
      if (isRough.has(diagnostic)) {
        lost = statement;
        if (last?.statement === statement && last.line === line) continue;
      }
      last = { statement, line };
    }
    kept.push(diagnostic);
  }
  return kept;
}

/** Characters and literals (NN00xx) are reported whatever else there is. */
function isSyntax({ code }: Diagnostic): boolean {
  return code.startsWith('NN01') || code === 'NN0311';
}

/** What is missing is missed at the token behind it, often the first one of the next statement. */
function causeOf(source: Source, { code, span }: Diagnostic): number {
  if (code !== 'NN0101') return span.start;
  const before = source.text.slice(0, span.start).replace(/(?:\s|#.*$)+$/m, '');
  return Math.max(0, before.length - 1);
}

function sorted(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}
