/**
 * Sine and cosine out of the four operations, which are the same on every machine; Math.sin may differ
 * in the last bit from one JavaScript engine to the next. Error below 1e-14 for small angles.
 */

/** The sine of an angle in radians, by its Taylor series on [-π, π]. */
export function sine(angle: number): number {
  const x = angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
  let term = x;
  let sum = x;
  for (let n = 2; n <= 28; n += 2) {
    term *= (-x * x) / (n * (n + 1));
    sum += term;
  }
  return sum;
}

export const cosine = (angle: number): number => sine(angle + Math.PI / 2);
