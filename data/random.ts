/**
 * The data side's own random numbers: shuffles and the built-in glyphs draw from here, so that a
 * seed gives the same bytes on every machine. Integer arithmetic only; no state is shared
 * between streams.
 */

/** Draws the next number, uniform in [0, 1) with 32 random bits. */
export type Random = () => number;

/**
 * A stream of its own for each (seed, stream, item): sfc32 of PractRand (C. Doty-Humphrey), with the
 * three keys as its starting state and the customary warm-up, so that neighbouring keys share nothing.
 * Keys are taken modulo 2^32; a seed's higher bits go into the counter.
 */
export function createRandom(seed: number, stream: number, item: number): Random {
  let a = seed | 0;
  let b = stream | 0;
  let c = item | 0;
  let counter = (Math.floor(seed / 2 ** 32) + 1) | 0;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let round = 0; round < 16; round++) next();
  return next;
}

/** Uniform in [low, high). */
export function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random();
}

/** Uniform over 0 .. count-1; the bias of at most count / 2^32 does not matter here. */
export function pick(random: Random, count: number): number {
  return Math.floor(random() * count);
}

/**
 * Nearly normal with mean 0 and deviation 1, never beyond 3.5: the sum of four uniforms (Irwin-Hall),
 * because Math.log and Math.cos may differ in the last bit from one JavaScript engine to the next.
 */
export function bell(random: Random): number {
  return (random() + random() + random() + random() - 2) * 1.7320508075688772;
}
