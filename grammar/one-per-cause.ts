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
  const tokenStarts = scanned.tokens.flatMap((token) =>
    token.image === '' ? [] : [token.startOffset],
  );
  const isRough = new Set(rough);
  const kept: Diagnostic[] = [];
  const said = new Set<string>();
  let lost: number | undefined;
  let last: { readonly statement: number; readonly line: number } | undefined;
  for (const diagnostic of sorted([...exact, ...rough])) {
    const place = causeOf(tokenStarts, diagnostic);
    const line = lineOf(place);
    const statement = lastAtMost(starts, place) ?? -1;
    if (isSyntax(diagnostic)) {
      if (scanned.strayLines.has(line) || lost === statement) continue;
      if (isRough.has(diagnostic)) {
        lost = statement;
        if (last?.statement === statement && last.line === line) continue;
      }
      last = { statement, line };
    }
    const words = `${diagnostic.code} ${diagnostic.span.start}`;
    if (!said.has(words)) kept.push(diagnostic);
    said.add(words);
  }
  return kept;
}

/** Characters and literals (NN00xx) are reported whatever else there is. */
function isSyntax({ code }: Diagnostic): boolean {
  return code.startsWith('NN01') || code === 'NN0311';
}

/** What is missing is missed at the token behind it, often the first one of the next statement. */
function causeOf(tokenStarts: readonly number[], { code, span }: Diagnostic): number {
  return code === 'NN0101' ? (lastAtMost(tokenStarts, span.start - 1) ?? span.start) : span.start;
}

/** The last of ascending numbers that is not above `limit`. */
function lastAtMost(numbers: readonly number[], limit: number): number | undefined {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return numbers[low - 1];
}

function sorted(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}
