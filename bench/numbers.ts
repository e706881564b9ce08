/** Seeded numbers: the same for every contestant, in every process. */

export function uniform(
  length: number,
  seed: number,
  low = -1,
  high = 1,
): Float32Array<ArrayBuffer> {
  const draw = mulberry32(seed);
  return Float32Array.from({ length }, () => low + (high - low) * draw());
}

/** Tommy Ettinger's generator: from 0 (inclusive) to 1. */
export function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
