/**
 * Makes a failing text small: lines, then tokens, then characters are taken out as long as it fails in the same
 * way, halves of them first (Zeller and Hildebrandt 2002).
 */

export interface TextLimits {
  readonly tries: number;
  readonly seconds: number;
}

const units: readonly ((text: string) => readonly string[])[] = [
  (text) => text.split(/(?<=\n)/),
  (text) => text.match(/\s+|"[^"\n]*"|[\p{L}\p{N}_.]+|[|=*/<>!-]+|./gsu) ?? [],
  (text) => [...text],
];

/** The smallest text found for which `fails` holds. */
export async function shrinkText(
  start: string,
  fails: (text: string) => Promise<boolean>,
  { tries, seconds }: TextLimits = { tries: 2000, seconds: 60 },
): Promise<string> {
  const end = Date.now() + seconds * 1000;
  let left = tries;
  let best = start;
  for (let before = ''; before !== best; ) {
    before = best;
    for (const split of units) {
      let parts = split(best);
      for (let length = parts.length >> 1; length >= 1; length >>= 1)
        for (let at = 0; at < parts.length; ) {
          if (left-- <= 0 || Date.now() > end) return best;
          const fewer = parts.toSpliced(at, length);
          if (await fails(fewer.join(''))) {
            parts = fewer;
            best = fewer.join('');
          } else at += length;
        }
    }
  }
  return best;
}
