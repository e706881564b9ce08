/** Shuffles: fixed by seed and epoch, every row exactly once. */
import { expect, test } from 'vitest';
import { epochOrder } from '../../data/order.ts';

test('the order of a seed and an epoch is these very rows', () => {
  expect([...epochOrder(10, { seed: 1, epoch: 0 })]).toEqual([6, 3, 5, 4, 0, 1, 8, 9, 2, 7]);
  expect([...epochOrder(10, { seed: 1, epoch: 1 })]).toEqual([1, 0, 3, 4, 7, 8, 9, 6, 2, 5]);
  expect([...epochOrder(10, { seed: 2, epoch: 0 })]).toEqual([9, 4, 2, 0, 7, 3, 1, 6, 5, 8]);
  expect([...epochOrder(5, { seed: 1, epoch: 3, shuffle: false })]).toEqual([0, 1, 2, 3, 4]);
});

test('an epoch can be entered without the ones before, in memory used before', () => {
  const fresh = epochOrder(1000, { seed: 7, epoch: 4 });
  const reused = new Uint32Array(1000);
  for (let epoch = 0; epoch <= 4; epoch++) epochOrder(1000, { seed: 7, epoch }, reused);
  expect(reused).toEqual(fresh);
});

test('every row comes once, and each of the orders of four about equally often', () => {
  expect([...epochOrder(1797, { seed: 3, epoch: 2 })].sort((a, b) => a - b)).toEqual(
    Array.from({ length: 1797 }, (_, row) => row),
  );
  const counts = new Map<string, number>();
  for (let epoch = 0; epoch < 24_000; epoch++) {
    const key = epochOrder(4, { seed: 11, epoch }).join('');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  // Chi-squared with 23 degrees of freedom: 49.7 has probability 0.001.
  const chiSquared = [...counts.values()].reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
  expect(counts.size).toBe(24);
  expect(chiSquared).toBeLessThan(49.7);
});

test('seeds past 32 bits are seeds of their own', () => {
  const low = epochOrder(100, { seed: 5, epoch: 0 });
  expect(epochOrder(100, { seed: 5 + 2 ** 32, epoch: 0 })).not.toEqual(low);
});
