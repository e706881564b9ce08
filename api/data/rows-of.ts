/** `dataset(source)`: from what a caller has to a pipeline over its rows. */
import { type AnyDataset, isStored, rowElements } from '../../data/index.ts';
import { UsageError } from '../usage-error.ts';
import { Dataset, type Indexed, type Pass } from './dataset.ts';
import { described, isNumberArray, numbersIn } from './numbers.ts';
import { isTable } from './table.ts';

declare const ofTable: unique symbol;

type TableValues = Readonly<
  Record<
    string,
    | number
    | { readonly shape: readonly number[]; readonly data: Uint8Array | Int32Array | Float32Array }
  >
>;

/**
 * A row of a table: a number where a row has one, else the numbers with their shape. Which columns there are is known when the file
 * has been read; the mark lets sessions take such rows without taking any object.
 */
export type TableRow = TableValues & { readonly [ofTable]: true };

type Columns = Readonly<Record<string, unknown>>;

/**
 * A pipeline over rows: a list of them, columns by name, a table from `loadData`, anything that can be iterated, or a function that
 * gives such a thing, which is then called for every epoch.
 */
export function dataset(source: AnyDataset): Dataset<TableRow>;
export function dataset<T>(source: Dataset<T> | readonly T[]): Dataset<T>;
export function dataset<T>(
  source: Iterable<T> | AsyncIterable<T> | (() => Iterable<T> | AsyncIterable<T>),
): Dataset<T>;
export function dataset<C extends Columns>(
  source: C,
): Dataset<{ readonly [K in keyof C]: RowOf<C[K]> }>;
export function dataset(source: unknown): Dataset<unknown> {
  if (source instanceof Dataset) return source;
  if (isTable(source)) return new Dataset({ indexed: tableRows(source) });
  if (Array.isArray(source))
    return new Dataset({ indexed: { rows: source.length, at: (index) => source[index] } });
  if (typeof source === 'function')
    return new Dataset({ pass: () => iterated(source()), once: false });
  if (isIterable(source)) return new Dataset(iterableSource(source));
  if (typeof source === 'object' && source !== null)
    return new Dataset({ indexed: columnRows(source as Columns) });
  throw new UsageError(
    `${described(source)} is no data`,
    'give rows in a list, columns by name, or anything that can be iterated',
  );
}

/** What a row has of a column: a number of a list of numbers, else an entry. */
type RowOf<C> = C extends readonly (infer Entry)[]
  ? Entry
  : C extends ArrayBufferView
    ? number | C
    : unknown;

export const isIterable = (given: unknown): given is Iterable<unknown> | AsyncIterable<unknown> =>
  typeof given === 'object' &&
  given !== null &&
  (Symbol.iterator in given || Symbol.asyncIterator in given);

function iterated(given: unknown): AsyncIterable<unknown> {
  if (isIterable(given)) return each(given);
  throw new UsageError(
    `the function that gives the rows of an epoch returned ${described(given)}`,
    'return something that can be iterated: a list, a generator, a stream',
  );
}

async function* each<T>(elements: Iterable<T> | AsyncIterable<T>): AsyncGenerator<T> {
  for await (const element of elements) yield element;
}

/** Whether something gives its elements once: it is its own iterator, or a stream. */
function isOnce(given: Iterable<unknown> | AsyncIterable<unknown>): boolean {
  if ('next' in given && typeof given.next === 'function') return true;
  return 'getReader' in given || 'pipe' in given;
}

function iterableSource(given: Iterable<unknown> | AsyncIterable<unknown>): {
  readonly pass: Pass<unknown>;
  readonly once: boolean;
} {
  const once = isOnce(given);
  let used = false;
  return {
    once,
    pass() {
      if (once && used)
        throw new UsageError(
          'these rows can be gone through once, and they are wanted again',
          'give a function that makes them anew for every epoch: `dataset(() => rows())`',
        );
      used = true;
      return each(given);
    },
  };
}

/** Rows are read in pieces, since a file is slow to read row by row. */
const PIECE = 256;

function tableRows(table: AnyDataset): Indexed<TableRow> {
  const pieces = new Map<
    string,
    { readonly from: number; readonly values: Promise<ArrayLike<number>> }
  >();
  return {
    rows: table.rows,
    async at(index) {
      const row: Record<string, TableValues[string]> = {};
      for (const column of table.columns) {
        const elements = rowElements(column);
        const { rowShape: shape } = column;
        let from = index * elements;
        let values: ArrayLike<number>;
        if (isStored(column)) {
          const first = index - (index % PIECE);
          const kept = pieces.get(column.name);
          const count = Math.min(PIECE, table.rows - first);
          const piece =
            kept?.from === first
              ? kept
              : {
                  from: first,
                  values: column.stored.read(
                    Uint32Array.from({ length: count }, (_, i) => first + i),
                  ),
                };
          pieces.set(column.name, piece);
          values = await piece.values;
          from -= first * elements;
        } else values = column.values;
        row[column.name] =
          shape.length === 0
            ? (values[from] ?? 0)
            : { shape, data: (values as Float32Array).subarray(from, from + elements) };
      }
      return row as TableRow;
    },
  };
}

/** Lists and shapes say how many rows there are; of flat arrays the shortest has one number a row. */
function columnRows(columns: Columns): Indexed<Readonly<Record<string, unknown>>> {
  const counts = Object.entries(columns).map(([name, column]) => {
    if (isNumberArray(column)) return { rows: column.length, flat: true };
    if (Array.isArray(column)) return { rows: column.length, flat: false };
    return { rows: numbersIn(column, `\`${name}\``).shape?.[0] ?? 0, flat: false };
  });
  const sure = counts.filter((count) => !count.flat);
  const rows = Math.min(...(sure.length > 0 ? sure : counts).map((count) => count.rows));
  const parts = Object.entries(columns).map(
    ([name, column]) => [name, rowReader(name, column, rows)] as const,
  );
  return {
    rows: parts.length === 0 ? 0 : rows,
    at: (index) => Object.fromEntries(parts.map(([name, read]) => [name, read(index)])),
  };
}

function rowReader(name: string, column: unknown, rows: number): (row: number) => unknown {
  const count = isNumberArray(column) ? column.length : undefined;
  if (count !== undefined && (count % rows !== 0 || count === 0))
    throw new UsageError(
      `\`${name}\` has ${count} numbers, which are not the same number for each of ${rows} rows`,
      'columns have one length, or a whole number of values for each row',
    );
  if (Array.isArray(column)) {
    if (column.length !== rows)
      throw new UsageError(
        `\`${name}\` has ${column.length} rows, another column has ${rows}`,
        'columns have one length',
      );
    return (row) => column[row];
  }
  const { values, shape } = numbersIn(column, `\`${name}\``);
  const size = values.length / rows;
  if (shape !== undefined && shape[0] !== rows)
    throw new UsageError(
      `\`${name}\` has ${shape[0]} rows, another column has ${rows}`,
      'columns have one length',
    );
  const part = (row: number) => (values as Float32Array).subarray(row * size, (row + 1) * size);
  if (shape !== undefined && shape.length > 1)
    return (row) => ({ shape: shape.slice(1), data: part(row) });
  return size === 1 ? (row) => values[row] : part;
}
