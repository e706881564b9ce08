/** Shuffles: fixed by seed and epoch, every row exactly once, any order as likely as another. */
import { describe, expect, test } from 'vitest';
import { epochOrder } from '../../data/order.ts';
import { computed, type RowOrder } from '../../data/permutation.ts';
import { createRandom } from '../../data/random.ts';

const inTurn = (rows: number, order: RowOrder): number[] =>
  Array.from({ length: rows }, (_, place) => order(place));
const listed = (rows: number, key: { readonly seed: number; readonly epoch: number }): number[] =>
  inTurn(rows, epochOrder(rows, key));

/** Orders of few rows as a list, and computed as those of many are. */
const ways: readonly (readonly [
  string,
  (rows: number, seed: number, epoch: number) => number[],
])[] = [
  ['listed', (rows, seed, epoch) => listed(rows, { seed, epoch })],
  ['computed', (rows, seed, epoch) => inTurn(rows, computed(rows, createRandom(seed, 1, epoch)))],
];

test('the order of a seed and an epoch is these very rows', () => {
  expect(listed(10, { seed: 1, epoch: 0 })).toEqual([6, 3, 5, 4, 0, 1, 8, 9, 2, 7]);
  expect(listed(10, { seed: 1, epoch: 1 })).toEqual([1, 0, 3, 4, 7, 8, 9, 6, 2, 5]);
  expect(listed(10, { seed: 2, epoch: 0 })).toEqual([9, 4, 2, 0, 7, 3, 1, 6, 5, 8]);
});

test('seeds past 32 bits are seeds of their own', () => {
  const low = listed(100, { seed: 5, epoch: 0 });
  expect(listed(100, { seed: 5 + 2 ** 32, epoch: 0 })).not.toEqual(low);
});

describe.each(ways)('every row comes once, %s', (_, orderOf) => {
  test.each([1, 2, 3, 5, 7, 16, 17, 99, 100, 101, 1797, 60_000])('of %d', (rows) => {
    const seen = new Uint8Array(rows);
    for (const row of orderOf(rows, 3, 2)) seen[row] = (seen[row] ?? 0) + 1;
    expect(seen.every((times) => times === 1)).toBe(true);
  });
});

describe('very many rows', () => {
  test('places of four billion rows are computed one by one', () => {
    const rows = 2 ** 32 - 5;
    const order = epochOrder(rows, { seed: 1, epoch: 2 });
    const seen = new Set(Array.from({ length: 20_000 }, (_, i) => order(i * 200_000)));
    expect(seen.size).toBe(20_000);
    expect([...seen].every((row) => Number.isInteger(row) && row >= 0 && row < rows)).toBe(true);
  });
});

/** How far counts are from all being equal. */
const chiSquared = (counts: Iterable<number>, expected: number): number =>
  [...counts].reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);

describe.each(ways)('as likely as another, %s', (_, orderOf) => {
  // Chi-squared with 5, 23, 119 and 719 degrees of freedom goes beyond these with probability 0.001.
  test.each([
    [3, 6, 20.5],
    [4, 24, 49.7],
    [5, 120, 173.6],
    [6, 720, 844.3],
  ])('is each order of %d rows', (rows, orders, beyond) => {
    const counts = new Map<string, number>();
    for (let epoch = 0; epoch < 200 * orders; epoch++) {
      const key = orderOf(rows, 11, epoch).join('');
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
      const order = orderOf(rows, 4, epoch);
      first[order[13] ?? 0] += 1;
      behind[order[order.indexOf(7) + 1] ?? 7] += 1;
    }
    // 29 degrees of freedom. Row 7 itself counts for the rounds in which it was the last.
    expect(chiSquared(first, rounds / rows)).toBeLessThan(58.3);
    expect(chiSquared(behind, rounds / rows)).toBeLessThan(58.3);
  });

  test('neighbours are as far from each other as in any random order', () => {
    const rows = 10_000;
    const order = orderOf(rows, 9, 0);
    const gaps = order.slice(1).map((row, at) => Math.abs(row - (order[at] ?? 0)));
    const mean = gaps.reduce((a, b) => a + b, 0) / gaps.length;
    // rows / 3, with a deviation of about rows / (3 sqrt(2 rows)).
    expect(Math.abs(mean / rows - 1 / 3)).toBeLessThan(0.01);
  });
});
