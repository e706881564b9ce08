/** Data as a model takes them: a table whose rows can be reached by number, or a stream of rows and batches. */
import type { ModelInput } from '../../compiler/model.ts';
import { type AnyDataset, split, splitBySeed } from '../../data/index.ts';
import { UsageError } from '../usage-error.ts';
import { rowElementsOf, type Sizes } from './column.ts';
import { Dataset } from './dataset.ts';
import { isNumberArray } from './numbers.ts';
import { dataset, isIterable } from './rows-of.ts';
import { isTable, type Reading, tableOfColumns, tableOfRows } from './table.ts';

export interface NamedTable {
  readonly table: AnyDataset;
  /** What the caller gave by the names of inputs; absent where columns are bound as those of a file are. */
  readonly names?: readonly string[];
  /** The number of the first row, where they are a part of more. */
  readonly firstRow?: number;
}

export interface TableSource extends NamedTable {
  readonly kind: 'table';
  /** Rows that the data set has set apart for testing. */
  readonly test?: AnyDataset;
}

export interface StreamSource {
  readonly kind: 'stream';
  readonly name: string;
  readonly elements: Dataset<unknown>;
}

export type Source = TableSource | StreamSource;

/** Throws UsageError for what is no data, and for rows that do not fit together. */
export function sourceOf(given: unknown, reading: Reading): Source {
  const { name } = reading;
  if (given instanceof Dataset) return { kind: 'stream', name, elements: given };
  if (isTable(given)) return { kind: 'table', table: given };
  if (isSplits(given))
    return {
      kind: 'table',
      table: given.train,
      ...(given.test === undefined ? {} : { test: given.test }),
    };
  if (Array.isArray(given)) {
    if (given.length === 0)
      throw new UsageError(`${name} is an empty list`, 'give one row at least');
    if (given.some(Array.isArray) || isBatch(given[0], reading))
      return { kind: 'stream', name, elements: dataset(given) };
    return { kind: 'table', ...tableOfBatch(given, reading) };
  }
  if (isIterable(given) || typeof given === 'function')
    return { kind: 'stream', name, elements: dataset(given as Iterable<unknown>) };
  if (typeof given === 'object' && given !== null && !isNumberArray(given))
    return { kind: 'table', ...tableOfBatch(given, reading) };
  throw new UsageError(
    `${name} is of a kind that cannot be read`,
    'give columns by input, { image: …, label: … }, a list of rows, or anything that can be iterated',
  );
}

const isSplits = (
  given: unknown,
): given is { readonly train: AnyDataset; readonly test?: AnyDataset } =>
  typeof given === 'object' && given !== null && 'train' in given && isTable(given.train);

/** Rows set apart for validation as the command does it: by the seed, or the last ones of rows that are taken as they lie. */
export function splitTable(
  { table, ...rest }: TableSource,
  fraction: number,
  by: { readonly shuffle: boolean; readonly seed: number },
): { readonly train: TableSource; readonly validation: TableSource } {
  const parts = by.shuffle ? splitBySeed(table, fraction, by.seed) : split(table, fraction);
  return {
    train: { ...rest, table: parts.train },
    validation: { ...rest, table: parts.validation },
  };
}

/** One batch, or all rows: columns by input, or a list of rows. `first`: the number of the first one. */
export function tableOfBatch(given: unknown, reading: Reading, first = 0): NamedTable {
  if (isTable(given)) return { table: given, firstRow: first };
  if (Array.isArray(given)) return namedRows(given, reading, first);
  const columns = asColumns(given, reading);
  return {
    table: tableOfColumns(columns, reading),
    names: Object.keys(columns),
    firstRow: first,
  };
}

const namedRows = (rows: readonly unknown[], reading: Reading, first: number): NamedTable => ({
  table: tableOfRows(rows, reading, first),
  names: Object.keys(Object(rows[0])),
  firstRow: first,
});

function asColumns(given: unknown, { name, inputs }: Reading): Readonly<Record<string, unknown>> {
  const [first] = inputs;
  if (first !== undefined && isOneTensor(given) && inputs.every((one) => !(one.name in given)))
    throw new UsageError(
      `${name} is one tensor, and inputs have names`,
      `give it by its name: \`{ ${first.name}: … }\``,
    );
  if (typeof given === 'object' && given !== null && !ArrayBuffer.isView(given))
    return given as Readonly<Record<string, unknown>>;
  throw new UsageError(`${name} has no inputs by name`, 'give { image: …, label: … }');
}

const isOneTensor = (given: unknown): given is object =>
  typeof given === 'object' && given !== null && 'shape' in given && 'data' in given;

/** Elements of a stream as tables of at most `batch` rows; batches stay as long as they are. */
export async function* tablesOf(
  { elements }: StreamSource,
  epoch: number,
  batch: number,
  reading: Reading,
): AsyncGenerator<NamedTable> {
  let rows: unknown[] = [];
  let seen = 0;
  let batches: boolean | undefined;
  for await (const element of elements.pass(epoch)) {
    batches ??= Array.isArray(element) || isTable(element) || isBatch(element, reading);
    if (batches) {
      const batch = tableOfBatch(element, reading, seen);
      yield batch;
      seen += batch.table.rows;
      continue;
    }
    rows.push(element);
    if (rows.length < batch) continue;
    yield namedRows(rows, reading, seen);
    seen += rows.length;
    rows = [];
  }
  if (rows.length > 0) yield namedRows(rows, reading, seen);
}

/** Whether an element has several rows: an axis more than a row, or more numbers than a row has. */
function isBatch(element: unknown, { inputs, sizes }: Reading): boolean {
  if (typeof element !== 'object' || element === null) return false;
  const given = element as Readonly<Record<string, unknown>>;
  return inputs.some((input) => hasRows(given[input.name], input, sizes));
}

function hasRows(value: unknown, input: ModelInput, sizes: Sizes): boolean {
  const rank = input.shape.length - 1;
  if (isNumberArray(value)) {
    const elements = rowElementsOf(input, sizes);
    return rank === 0 || (elements !== undefined && value.length > elements);
  }
  if (Array.isArray(value)) return depthOf(value) > rank;
  if (typeof value === 'object' && value !== null && 'shape' in value && Array.isArray(value.shape))
    return value.shape.length > rank;
  return false;
}

function depthOf(value: unknown): number {
  if (isNumberArray(value)) return 1;
  return Array.isArray(value) ? 1 + depthOf(value[0]) : 0;
}
