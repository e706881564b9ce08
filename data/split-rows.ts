/** Rows set apart for validation, chosen by a seed: the last ones of a sorted file would be of one kind. */
import {
  type AnyColumn,
  type ColumnValues,
  type Dataset,
  isStored,
  keptRows,
  rowElements,
  type StoredRows,
} from './dataset.ts';
import { permutation } from './permutation.ts';
import { createRandom } from './random.ts';

/** Keeps this choice apart from other streams of the same seed ("vali" in ASCII). */
const splitStream = 0x76616c69;

/**
 * As many rows as `split` gives, but each row is as likely as any other; within both sides the rows keep their order.
 * Throws a DataError when one side would be empty.
 */
export function splitBySeed<C extends AnyColumn>(
  dataset: Dataset<C>,
  fraction: number,
  seed: number,
): { readonly train: Dataset<C>; readonly validation: Dataset<C> } {
  const kept = keptRows(dataset, fraction);
  const order = permutation(dataset.rows, createRandom(seed, splitStream, 0));
  const rows = Uint32Array.from({ length: dataset.rows }, (_, place) => order(place));
  return {
    train: pickRows(dataset, rows.slice(0, kept).sort(), `train ${fraction} ${seed}`),
    validation: pickRows(dataset, rows.slice(kept).sort(), `validation ${fraction} ${seed}`),
  };
}

/** `mark` tells this choice from others of the same rows. */
function pickRows<C extends AnyColumn>(
  dataset: Dataset<C>,
  rows: Uint32Array,
  mark: string,
): Dataset<C> {
  const columns = dataset.columns.map((column): C => {
    if (isStored(column)) return { ...column, stored: pickStored(column.stored, rows, mark) };
    return { ...column, values: pickValues(column.values, rowElements(column), rows) };
  });
  return { ...dataset, rows: rows.length, columns };
}

function pickStored(whole: StoredRows, rows: Uint32Array, mark: string): StoredRows {
  return {
    rows: rows.length,
    mark: `${whole.mark} ${mark}`,
    read: (places) => whole.read(places.map((place) => rows[place] ?? 0)),
  };
}

function pickValues(values: ColumnValues, elements: number, rows: Uint32Array): ColumnValues {
  const picked = values.slice(0, rows.length * elements);
  for (const [place, row] of rows.entries())
    picked.set(values.subarray(row * elements, (row + 1) * elements), place * elements);
  return picked;
}
