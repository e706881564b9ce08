/** Element-wise comparison that says which elements differ. */
import { expect } from 'vitest';

export function closeTo(
  got: ArrayLike<number>,
  want: ArrayLike<number>,
  rtol: number,
  atol: number,
  what: string,
): void {
  const wrong = Array.from(want).flatMap((w, i) => {
    const g = got[i] ?? Number.NaN;
    return Math.abs(g - w) <= atol + rtol * Math.abs(w) ? [] : [`${what}[${i}]: ${g}, not ${w}`];
  });
  expect(got.length).toBe(want.length);
  expect(wrong).toEqual([]);
}
