/** Columns by name, or rows as objects, as a data set in memory with a column for each input. */
import type { ModelInput } from '../../compiler/model.ts';
import { type AnyDataset, type Column, createDataset, type Dataset } from '../../data/index.ts';
import { UsageError } from '../usage-error.ts';
import { columnOf, rowElementsOf, type Sizes } from './column.ts';
import { described, type FoundNumbers, numbersIn } from './numbers.ts';

/** What data are read for. */
export interface Reading {
  /** Of the model, in order. */
  readonly inputs: readonly ModelInput[];
  /** Sizes that are known beside those of the rows. */
  readonly sizes: Sizes;
  /** What the data are called in messages: `validation data`. */
  readonly name: string;
}

/** The columns that are there; which ones a program needs is another question. Throws UsageError and DataError. */
export function tableOfColumns(
  given: Readonly<Record<string, unknown>>,
  reading: Reading,
): Dataset {
  const { inputs, sizes, name } = reading;
  const found = inputs
    .filter((input) => given[input.name] !== undefined)
    .map((input) => ({ input, numbers: numbersIn(given[input.name], `\`${input.name}\``) }));
  if (found.length === 0) throw noInput(Object.keys(given), reading);
  const rows = found
    .map(({ input, numbers }) => rowsIn(input, numbers, sizes))
    .find((n) => n !== undefined);
  const columns = found.map(({ input, numbers }) => columnOf(input, numbers, sizes, rows));
  return createDataset(name, columns);
}

function rowsIn(
  input: ModelInput,
  { values, shape }: FoundNumbers,
  sizes: Sizes,
): number | undefined {
  if (shape !== undefined) return shape[0];
  const elements = rowElementsOf(input, sizes);
  return elements === undefined ? undefined : values.length / elements;
}

/** `first`: the number of the first row, for messages. */
export function tableOfRows(rows: readonly unknown[], reading: Reading, first = 0): Dataset {
  const { inputs, name } = reading;
  if (rows.length === 0) throw new UsageError(`${name} has no rows`, 'give one at least');
  const row = asObject(rows[0], first, reading);
  const present = inputs.filter((input) => row[input.name] !== undefined);
  if (present.length === 0) throw noInput(Object.keys(row), reading);
  const columns = present.map((input): Column => columnOfRows(rows, input, reading, first));
  return createDataset(name, columns);
}

function columnOfRows(
  rows: readonly unknown[],
  input: ModelInput,
  reading: Reading,
  first: number,
): Column {
  const of = (at: number): FoundNumbers & { readonly what: string } => {
    const what = `\`${input.name}\` of row ${first + at}`;
    const value = asObject(rows[at], first + at, reading)[input.name];
    if (value === undefined)
      throw new UsageError(
        `row ${first + at} of ${reading.name} has no \`${input.name}\``,
        'all rows have the same inputs',
      );
    return { ...numbersIn(value, what), what };
  };
  const head = of(0);
  const elements = head.values.length;
  const values = storeFor(head.values, rows.length * elements);
  for (let at = 0; at < rows.length; at++) {
    const { values: own, shape, what } = at === 0 ? head : of(at);
    if (own.length !== elements || (shape !== undefined && `${shape}` !== `${head.shape ?? shape}`))
      throw new UsageError(
        `${what} has ${shape === undefined ? `${own.length} numbers` : `the shape [${shape.join(', ')}]`}, row ${first} has ${head.shape === undefined ? elements : `[${head.shape.join(', ')}]`}`,
        'rows of a batch have one shape: fill up the short ones, or make batches of equal ones',
      );
    values.set(own, at * elements);
  }
  const shape = head.shape === undefined ? undefined : [rows.length, ...head.shape];
  const numbers = { values, ...(shape === undefined ? {} : { shape }) };
  return columnOf(input, numbers, reading.sizes, rows.length);
}

/** Room for many values of the kind of these; doubles hold those of any other kind. */
function storeFor(values: ArrayLike<number>, length: number) {
  if (values instanceof Uint8Array) return new Uint8Array(length);
  if (values instanceof Float32Array) return new Float32Array(length);
  return new Float64Array(length);
}

function asObject(row: unknown, at: number, { name }: Reading): Readonly<Record<string, unknown>> {
  if (typeof row === 'object' && row !== null && !Array.isArray(row) && !ArrayBuffer.isView(row))
    return row as Readonly<Record<string, unknown>>;
  throw new UsageError(
    `row ${at} of ${name} is ${described(row)}`,
    'a row is an object with a value for each input, such as { image: [...], label: 3 }',
  );
}

function noInput(keys: readonly string[], { inputs, name }: Reading): UsageError {
  const wanted = inputs.map((input) => `\`${input.name}\``).join(', ');
  return new UsageError(
    `${name} has nothing for the inputs of the model: it has ${keys.length === 0 ? 'nothing at all' : keys.join(', ')}`,
    `the model takes ${wanted || 'no inputs'}`,
  );
}

export const isTable = (given: unknown): given is AnyDataset =>
  typeof given === 'object' &&
  given !== null &&
  'columns' in given &&
  Array.isArray(given.columns) &&
  'rows' in given &&
  typeof given.rows === 'number';
