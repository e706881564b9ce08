// Shuffles and batches: fixed by seed and epoch, every row exactly once, gathered as ordered.

import { expect, test } from 'vitest';
import { createDataset } from '../../data/dataset.ts';
import { batches, createScratch, epochOrder, gatherBatch } from '../../data/order.ts';

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

const dataset = createDataset('seven', [
  {
    name: 'image',
    dtype: 'u8',
    kind: 'integer',
    rowShape: [3],
    values: Uint8Array.from({ length: 21 }, (_, at) => at),
  },
  {
    name: 'weight',
    dtype: 'f32',
    kind: 'float',
    rowShape: [],
    values: Float32Array.from({ length: 7 }, (_, row) => row / 2),
  },
]);

test('the batches of an epoch cover the order, the last one short', () => {
  expect([...batches(7, 3)]).toEqual([
    { index: 0, start: 0, rows: 3 },
    { index: 1, start: 3, rows: 3 },
    { index: 2, start: 6, rows: 1 },
  ]);
  expect([...batches(6, 3)].map(({ rows }) => rows)).toEqual([3, 3]);
  expect([...batches(2, 128)].map(({ rows }) => rows)).toEqual([2]);
  expect(() => [...batches(7, 0)]).toThrow('batch: a batch of 0 rows');
});

test('rows are gathered in order; other scratches of the ring stay as they are', () => {
  const order = Uint32Array.of(6, 0, 5, 2, 1, 4, 3);
  const ring = [createScratch(dataset, 3), createScratch(dataset, 3)] as const;
  const [first, second, third] = [...batches(7, 3)];
  if (!first || !second || !third) throw new Error('three batches expected');
  gatherBatch(dataset, order, first, ring[0]);
  gatherBatch(dataset, order, second, ring[1]);
  expect([...(ring[0].columns[0] ?? [])].slice(0, 9)).toEqual([18, 19, 20, 0, 1, 2, 15, 16, 17]);
  expect([...(ring[0].columns[1] ?? [])]).toEqual([3, 0, 2.5]);
  expect([...(ring[1].columns[1] ?? [])]).toEqual([1, 0.5, 2]);
  gatherBatch(dataset, order, third, ring[0]);
  expect([...(ring[0].columns[1] ?? [])]).toEqual([1.5, 0, 2.5]);
});

test('long rows are copied as short ones are', () => {
  const values = Int32Array.from({ length: 4 * 20 }, (_, at) => at);
  const long = createDataset('long', [
    { name: 'x', dtype: 'i32', kind: 'integer', rowShape: [4, 5], values },
  ]);
  const scratch = createScratch(long, 2);
  gatherBatch(long, Uint32Array.of(0, 3, 1, 2), { index: 0, start: 1, rows: 2 }, scratch);
  expect([...(scratch.columns[0] ?? [])]).toEqual([
    ...values.subarray(60, 80),
    ...values.subarray(20, 40),
  ]);
});

test('scratch is padded for upload, and too small a one is our own mistake', () => {
  const scratch = createScratch(dataset, 3);
  expect(scratch.columns.map((values) => values.byteLength)).toEqual([12, 12]);
  const range = { index: 0, start: 0, rows: 5 };
  expect(() => gatherBatch(dataset, epochOrder(7, { seed: 1, epoch: 0 }), range, scratch)).toThrow(
    RangeError,
  );
});
