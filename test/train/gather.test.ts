/** Batches: the rows of an order, gathered into memory that is used again. */
import { expect, test } from 'vitest';
import type { Feed } from '../../train/feed.ts';
import { createScratch, gather, rowsInPlace } from '../../train/gather.ts';

const rows = 7;
const images = Uint8Array.from({ length: rows * 3 }, (_, at) => at);
const long = Int32Array.from({ length: rows * 20 }, (_, at) => at);
const feed: Feed = {
  name: 'seven',
  rows,
  symbol: 'batch',
  sizes: {},
  columns: [
    { input: 'x', column: 'image', elements: 3, values: images },
    { input: 'w', column: 'weight', elements: 1, values: Float32Array.of(0, 1, 2, 3, 4, 5, 6) },
    { input: 'long', column: 'long', elements: 20, values: long },
  ],
};
const order = (place: number): number => [6, 0, 5, 2, 1, 4, 3][place] ?? Number.NaN;

test('rows are gathered in order, short ones and long ones alike', async () => {
  const scratch = createScratch(feed, 3);
  await gather(feed, order, 0, scratch);
  expect([...(scratch.batch['x'] ?? [])]).toEqual([18, 19, 20, 0, 1, 2, 15, 16, 17]);
  expect([...(scratch.batch['w'] ?? [])]).toEqual([6, 0, 5]);
  expect([...(scratch.batch['long'] ?? [])]).toEqual(
    [6, 0, 5].flatMap((row) => [...long.subarray(row * 20, row * 20 + 20)]),
  );
});

test('a batch shows its memory under the names of the inputs; other memory stays as it is', async () => {
  const [first, second] = [createScratch(feed, 3), createScratch(feed, 3)];
  await gather(feed, order, 0, first);
  await gather(feed, order, 3, second);
  expect(first.batch['w']).toEqual(Float32Array.of(6, 0, 5));
  expect(second.batch['w']).toEqual(Float32Array.of(2, 1, 4));
});

test('gathering leaves the feed as it was, and rows in order need no copy', async () => {
  const scratch = createScratch(feed, 2);
  await gather(feed, order, 0, scratch);
  expect(images[0]).toBe(0);
  const batch = await rowsInPlace(feed, 2, 2);
  expect(batch['x']).toEqual(images.subarray(6, 12));
  expect((batch['x'] as Uint8Array).buffer).toBe(images.buffer);
});
