/** The two floats of 16 bits: every value there and back, and rounding between neighbours. */
import { describe, expect, test } from 'vitest';
import { brainFloat, brainFloatBits, half, halfBits } from '../../compiler/graph/narrow-floats.ts';

const all = Array.from({ length: 0x10000 }, (_, bits) => bits);

describe.each([
  ['f16', half, halfBits],
  ['bf16', brainFloat, brainFloatBits],
])('%s', (_, read, write) => {
  const finite = all.filter((bits) => bits < 0x8000 && Number.isFinite(read(bits)));
  test('every value comes back as it was', () => {
    const numbers = all.filter((bits) => !Number.isNaN(read(bits)));
    expect(numbers.filter((bits) => write(read(bits)) !== bits)).toEqual([]);
    const none = all.filter((bits) => Number.isNaN(read(bits)));
    expect(none.length).toBeGreaterThan(0);
    expect(none.filter((bits) => !Number.isNaN(read(write(read(bits)))))).toEqual([]);
  });
  test('a number between two is rounded to the nearer, in the middle to the even one', () => {
    const wrong = finite.slice(0, -1).filter((bits) => {
      const [below, above] = [read(bits), read(bits + 1)];
      const at = (part: number): number => write(below + (above - below) * part);
      return at(0.25) !== bits || at(0.5) !== bits + (bits % 2) || at(0.75) !== bits + 1;
    });
    expect(wrong).toEqual([]);
  });
  test('past the largest comes infinity, for both signs', () => {
    const last = finite.at(-1) ?? 0;
    const step = read(last) - read(last - 1);
    expect(write(read(last) + step * 0.49)).toBe(last);
    expect(read(write(read(last) + step * 0.5))).toBe(Number.POSITIVE_INFINITY);
    expect(read(write(-read(last) - step))).toBe(Number.NEGATIVE_INFINITY);
    expect(Object.is(read(write(-0)), -0)).toBe(true);
  });
});
