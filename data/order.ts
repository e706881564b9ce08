// In which order the rows of a data set are met, and how a batch of them is gathered for upload.

import { DataError } from './data-error.ts';
import { type Column, type ColumnValues, type Dataset, rowElements } from './dataset.ts';
import { createRandom, pick } from './random.ts';

/** Keeps shuffles apart from other streams of the same seed ("order" in ASCII, shortened). */
const orderStream = 0x6f726472;

/**
 * The order of the rows 0 to `rows`-1 in one epoch: Fisher-Yates over an sfc32 stream of its own for
 * each (seed, epoch), so that a run resumed at an epoch sees what it would have seen. `shuffle: false`
 * gives the rows as they lie. `into` is filled when given (it must have `rows` places).
 */
export function epochOrder(
  rows: number,
  options: { readonly seed: number; readonly epoch: number; readonly shuffle?: boolean },
  into: Uint32Array = new Uint32Array(rows),
): Uint32Array {
  for (let row = 0; row < rows; row++) into[row] = row;
  if (options.shuffle === false) return into;
  const random = createRandom(options.seed, orderStream, options.epoch);
  for (let last = rows - 1; last > 0; last--) {
    const other = pick(random, last + 1);
    const moved = into[last] ?? 0;
    into[last] = into[other] ?? 0;
    into[other] = moved;
  }
  return into;
}

/** One batch: places `start` to `start + rows` of an order. */
export interface BatchRange {
  readonly index: number;
  readonly start: number;
  readonly rows: number;
}

/** Cuts `rows` rows into batches; the last one is short when `batch` does not divide them. */
export function* batches(rows: number, batch: number): Generator<BatchRange, void, undefined> {
  if (!Number.isInteger(batch) || batch < 1) {
    throw new DataError('batch', `a batch of ${batch} rows`, 'give a whole number from 1 on');
  }
  for (let start = 0, index = 0; start < rows; start += batch, index++) {
    yield { index, start, rows: Math.min(batch, rows - start) };
  }
}

/** Memory for one gathered batch: an array for each column of the data set, in their order. */
export interface BatchScratch {
  readonly columns: readonly ColumnValues[];
}

/**
 * Scratch for batches of up to `batch` rows. Each array's buffer is a multiple of four bytes long, as
 * uploads need; `values.byteLength` tells the padded size.
 */
export function createScratch(
  dataset: { readonly columns: readonly Pick<Column, 'dtype' | 'rowShape'>[] },
  batch: number,
): BatchScratch {
  const columns = dataset.columns.map((column): ColumnValues => {
    const elements = batch * rowElements(column);
    switch (column.dtype) {
      case 'u8':
        return new Uint8Array(Math.ceil(elements / 4) * 4);
      case 'i32':
        return new Int32Array(elements);
      case 'f32':
        return new Float32Array(elements);
      default:
        return column.dtype satisfies never;
    }
  });
  return { columns };
}

/**
 * Copies the rows of `range` (in the order given) to the front of `scratch`. No memory for values is
 * allocated and no other scratch is touched, so a ring of scratches can be filled ahead. What lies behind the last
 * row of a short batch is left as it was.
 */
export function gatherBatch(
  dataset: Dataset,
  order: Uint32Array,
  range: BatchRange,
  scratch: BatchScratch,
): void {
  for (const [index, column] of dataset.columns.entries()) {
    const target = scratch.columns[index];
    const elements = rowElements(column);
    if (target === undefined || target.length < range.rows * elements) {
      throw new RangeError(`scratch for \`${column.name}\` is smaller than ${range.rows} rows`);
    }
    gather(column.values, order, range, elements, target);
  }
}

/** From this length on, a block copy (6 µs for 128 images) beats the loop (150 µs). */
const shortRow = 16;

function gather(
  source: ColumnValues,
  order: Uint32Array,
  range: BatchRange,
  elements: number,
  target: ColumnValues,
): void {
  for (let row = 0; row < range.rows; row++) {
    const from = (order[range.start + row] ?? 0) * elements;
    const to = row * elements;
    if (elements >= shortRow) {
      target.set(source.subarray(from, from + elements), to);
      continue;
    }
    for (let element = 0; element < elements; element++) {
      target[to + element] = source[from + element] ?? 0;
    }
  }
}
