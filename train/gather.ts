/** Batches gathered from a feed into memory that is made once and used again and again; rows in files are read. */
import type { RowOrder } from '../data/index.ts';
import type { Batch } from '../runtime/index.ts';
import type { ElementArray } from './element-arrays.ts';
import type { Feed, StoredFeedColumn } from './feed.ts';

/** Rows of a feed that a program takes: those at places `start` to `start + rows` of the order, as they lie where there is none. */
export interface TakenRows {
  readonly feed: Feed;
  readonly rows: number;
  readonly start: number;
  readonly order?: RowOrder | undefined;
}

/** Memory for one batch of a fixed number of rows (at most the feed's), and the batch that looks at it. */
export interface Scratch {
  readonly rows: number;
  /** Which rows of the feed are in it. */
  readonly chosen: Uint32Array;
  readonly batch: Record<string, ElementArray>;
}

export function createScratch(feed: Feed, rows: number): Scratch {
  const entries = feed.columns.flatMap(({ input, values, elements }): [string, ElementArray][] =>
    values === undefined ? [] : [[input, values.slice(0, rows * elements)]],
  );
  return { rows, chosen: new Uint32Array(rows), batch: Object.fromEntries(entries) };
}

/** The rows from `start` on as they lie: without a copy where they are in memory. */
export async function rowsInPlace(
  feed: Feed,
  start: number,
  rows: number,
): Promise<NonNullable<Batch>> {
  const batch: Record<string, ElementArray> = {};
  const stored: StoredFeedColumn[] = [];
  for (const column of feed.columns) {
    const { input, values, elements } = column;
    if (values === undefined) stored.push(column);
    else batch[input] = values.subarray(start * elements, (start + rows) * elements);
  }
  if (stored.length > 0)
    await readStored(
      stored,
      Uint32Array.from({ length: rows }, (_, row) => start + row),
      batch,
    );
  return batch;
}

/** From this length on, a block copy (6 µs for 128 images) beats the loop (150 µs). */
const SHORT_ROW = 16;

/** Fetches the rows at places `start` to `start + scratch.rows` of the order. */
export async function gather(
  feed: Feed,
  order: RowOrder,
  start: number,
  scratch: Scratch,
): Promise<void> {
  const { chosen } = scratch;
  for (let row = 0; row < scratch.rows; row += 1) chosen[row] = order(start + row);
  const stored: StoredFeedColumn[] = [];
  for (const column of feed.columns) {
    const { input, values, elements } = column;
    const target = scratch.batch[input];
    if (values === undefined) stored.push(column);
    if (values === undefined || target === undefined) continue;
    for (let row = 0; row < scratch.rows; row += 1) {
      const from = (chosen[row] ?? 0) * elements;
      const to = row * elements;
      if (elements >= SHORT_ROW) target.set(values.subarray(from, from + elements), to);
      else for (let at = 0; at < elements; at += 1) target[to + at] = values[from + at] ?? 0;
    }
  }
  if (stored.length > 0) await readStored(stored, chosen, scratch.batch);
}

/** One column after the other: they may share a file, which keeps the rows that it read last. */
async function readStored(
  columns: readonly StoredFeedColumn[],
  rows: Uint32Array,
  batch: Record<string, ElementArray>,
): Promise<void> {
  for (const column of columns) batch[column.input] = await column.read(rows);
}
