/** Shuffles: fixed by seed and epoch, every row exactly once, any order as likely as another, nothing stored. */
import { describe, expect, test } from 'vitest';
import { epochOrder } from '../../data/order.ts';
import { permutation } from '../../data/permutation.ts';
import { createRandom } from '../../data/random.ts';

const listed = (rows: number, key: { readonly seed: number; readonly epoch: number }): number[] =>
  Array.from({ length: rows }, (_, place) => place).map(epochOrder(rows, key));

test('the order of a seed and an epoch is these very rows', () => {
  expect(listed(10, { seed: 1, epoch: 0 })).toEqual([4, 3, 6, 1, 5, 9, 7, 8, 2, 0]);
  expect(listed(10, { seed: 1, epoch: 1 })).toEqual([0, 4, 1, 9, 3, 5, 8, 6, 2, 7]);
  expect(listed(10, { seed: 2, epoch: 0 })).toEqual([9, 2, 6, 3, 8, 7, 0, 1, 5, 4]);
});

test('seeds past 32 bits are seeds of their own', () => {
  const low = listed(100, { seed: 5, epoch: 0 });
  expect(listed(100, { seed: 5 + 2 ** 32, epoch: 0 })).not.toEqual(low);
});

describe('every row comes once', () => {
  test.each([1, 2, 3, 5, 7, 16, 17, 99, 100, 101, 1797, 60_000])('of %d', (rows) => {
    const seen = new Uint8Array(rows);
    for (const row of listed(rows, { seed: 3, epoch: 2 })) seen[row] = (seen[row] ?? 0) + 1;
    expect(seen.every((times) => times === 1)).toBe(true);
  });

  test('places of four billion rows are computed one by one', () => {
    const rows = 2 ** 32 - 5;
    const order = permutation(rows, createRandom(1, 2, 3));
    const seen = new Set(Array.from({ length: 20_000 }, (_, i) => order(i * 200_000)));
    expect(seen.size).toBe(20_000);
    expect([...seen].every((row) => Number.isInteger(row) && row >= 0 && row < rows)).toBe(true);
  });
});

/** How far counts are from all being equal. */
const chiSquared = (counts: Iterable<number>, expected: number): number =>
  [...counts].reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);

describe('as likely as another', () => {
  // Chi-squared with 5, 23, 119 and 719 degrees of freedom goes beyond these with probability 0.001.
  test.each([
    [3, 6, 20.5],
    [4, 24, 49.7],
    [5, 120, 173.6],
    [6, 720, 844.3],
  ])('is each order of %d rows', (rows, orders, beyond) => {
    const counts = new Map<string, number>();
    for (let epoch = 0; epoch < 200 * orders; epoch++) {
      const key = listed(rows, { seed: 11, epoch }).join('');
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(orders);
    expect(chiSquared(counts.values(), 200)).toBeLessThan(beyond);
  });

  test('is each row at a place, and each row behind another', () => {
    const rows = 30;
    const rounds = 30_000;
    const [first, behind] = [new Array(rows).fill(0), new Array(rows).fill(0)];
    for (let epoch = 0; epoch < rounds; epoch++) {
      const order = listed(rows, { seed: 4, epoch });
      first[order[13] ?? 0] += 1;
      behind[order[order.indexOf(7) + 1] ?? 7] += 1;
    }
    // 29 degrees of freedom. Row 7 itself counts for the rounds in which it was the last.
    expect(chiSquared(first, rounds / rows)).toBeLessThan(58.3);
    expect(chiSquared(behind, rounds / rows)).toBeLessThan(58.3);
  });

  test('neighbours are as far from each other as in any random order', () => {
    const rows = 10_000;
    const order = listed(rows, { seed: 9, epoch: 0 });
    const gaps = order.slice(1).map((row, at) => Math.abs(row - (order[at] ?? 0)));
    const mean = gaps.reduce((a, b) => a + b, 0) / gaps.length;
    // rows / 3, with a deviation of about rows / (3 sqrt(2 rows)).
    expect(Math.abs(mean / rows - 1 / 3)).toBeLessThan(0.01);
  });
});
