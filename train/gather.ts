/** Batches gathered from a feed into memory that is made once and used again and again. */
import type { Batch } from '../runtime/index.ts';
import type { FeedValues } from './convert-column.ts';
import type { Feed } from './feed.ts';

/** Memory for one batch of a fixed number of rows (at most the feed's), and the batch that looks at it. */
export interface Scratch {
  readonly rows: number;
  readonly arrays: readonly FeedValues[];
  readonly batch: NonNullable<Batch>;
}

export function createScratch(feed: Feed, rows: number): Scratch {
  const arrays = feed.columns.map(({ values, elements }) => values.slice(0, rows * elements));
  return { rows, arrays, batch: batchOf(feed, arrays) };
}

/** The rows from `start` on as they lie in the feed, without a copy. */
export function rowsInPlace(feed: Feed, start: number, rows: number): NonNullable<Batch> {
  const arrays = feed.columns.map(({ values, elements }) =>
    values.subarray(start * elements, (start + rows) * elements),
  );
  return batchOf(feed, arrays);
}

const batchOf = (feed: Feed, arrays: readonly FeedValues[]): NonNullable<Batch> =>
  Object.fromEntries(
    feed.columns.flatMap(({ input }, index) => {
      const array = arrays[index];
      return array === undefined ? [] : [[input, array]];
    }),
  );

/** From this length on, a block copy (6 µs for 128 images) beats the loop (150 µs). */
const SHORT_ROW = 16;

/** Copies the rows at places `start` to `start + scratch.rows` of the order. */
export function gather(feed: Feed, order: Uint32Array, start: number, scratch: Scratch): void {
  for (const [index, { values, elements }] of feed.columns.entries()) {
    const target = scratch.arrays[index];
    if (target === undefined) continue;
    for (let row = 0; row < scratch.rows; row += 1) {
      const from = (order[start + row] ?? 0) * elements;
      const to = row * elements;
      if (elements >= SHORT_ROW) target.set(values.subarray(from, from + elements), to);
      else for (let at = 0; at < elements; at += 1) target[to + at] = values[from + at] ?? 0;
    }
  }
}
