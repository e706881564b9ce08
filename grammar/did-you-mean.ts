/** The nearest known word to a misspelt one, for the help of diagnostics. */

/**
 * The candidate that `word` was probably meant to be, or undefined when none is near: same letters
 * but for case and `_`, or an edit distance (insertions, deletions, substitutions, swaps of
 * neighbours) of at most a third of the word's length, 3 at most. Ties go to the earlier candidate.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const limit = Math.min(3, Math.max(1, Math.floor(word.length / 3)));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    if (candidate === word) continue;
    const distance =
      bare(candidate) === bare(word) ? 0.5 : editDistance(word, candidate, bestDistance);
    // A word of one or two letters is near every other such word: no suggestion is better.
    if (distance >= Math.min(word.length, candidate.length)) continue;
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function bare(word: string): string {
  return word.toLowerCase().replaceAll('_', '');
}

/**
 * Optimal string alignment distance (Damerau-Levenshtein without repeated edits of one place); any
 * number from `enough` on stands for "too far".
 */
export function editDistance(
  a: string,
  b: string,
  enough: number = Number.POSITIVE_INFINITY,
): number {
  if (Math.abs(a.length - b.length) >= enough) return enough;
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, at(beforeLast, j - 2) + 1);
      }
      row.push(cost);
    }
    if (Math.min(...row) >= enough) return enough;
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
