/** Predictions as JSON lines, for programs, or as a table, for people. Pure. */

import type { AnyColumn, ClassNames, Column, Dataset } from '../data/index.ts';
import type { PredictedTensor, Prediction } from '../train/index.ts';
import { shownName } from './shown-name.ts';

export type JsonValue = number | boolean | string | null | readonly JsonValue[];

/** One result: a row of the data, or what the whole batch has. */
export type PredictedRecord = Readonly<Record<string, JsonValue>>;

/** A number of a class as its name, where there are names; a column or an output has the same ones in all rows. */
export const named = (value: number, names: readonly string[] | undefined): number | string =>
  names?.[value] ?? value;

/**
 * A record for each row of the batch: its number, the batch's rows of the data's own plain columns that
 * were not fed (such as the label), and the outputs; classes by their names, as far as `names` has them. Outputs that do not go by rows come first, in a record of their own.
 */
export function recordsOf(
  prediction: Prediction,
  extra: readonly Column[],
  names: ClassNames,
): readonly PredictedRecord[] {
  const { start, rows, outputs } = prediction;
  const whole = outputs.filter((output) => !output.byRow);
  const byRow = outputs.filter((output) => output.byRow);
  const records: PredictedRecord[] = [];
  if (whole.length > 0)
    records.push(
      Object.fromEntries(
        whole.map((one) => [one.name, nested(one, one.shape, 0, names[one.name])]),
      ),
    );
  if (byRow.length === 0) return records;
  for (let row = 0; row < rows; row += 1) {
    const given = extra.map(({ name, dtype, values, classes }): [string, JsonValue] => {
      const value = values[row] ?? 0;
      return [name, dtype === 'f32' ? shortestSingle(value) : named(value, classes)];
    });
    const found = byRow.map((one): [string, JsonValue] => {
      const shape = one.shape.slice(1);
      return [one.name, nested(one, shape, row * product(shape), names[one.name])];
    });
    records.push(Object.fromEntries([['row', start + row], ...given, ...found]));
  }
  return records;
}

/** Columns of one number a row that the model was not fed and that no output is called like. */
export function extraColumns<C extends AnyColumn>(
  rows: Dataset<C> | undefined,
  fed: readonly string[],
  outputs: readonly string[],
): readonly C[] {
  return (rows?.columns ?? []).filter(
    ({ name, rowShape }) => rowShape.length === 0 && !fed.includes(name) && !outputs.includes(name),
  );
}

/** `probs.0`, `probs.1`: a name for every number that an output has in a row. */
export function flatNames({ name, shape }: PredictedTensor): readonly string[] {
  return shape
    .slice(1)
    .reduce<readonly string[]>(
      (names, size) =>
        names.flatMap((one) => Array.from({ length: size }, (_, index) => `${one}.${index}`)),
      [name],
    );
}

/** The numbers of one row, in the order of their names. */
export function flatValues({ shape, values }: PredictedTensor, row: number): readonly number[] {
  const elements = product(shape.slice(1));
  return Array.from(values.subarray(row * elements, (row + 1) * elements));
}

const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

function nested(
  tensor: PredictedTensor,
  shape: readonly number[],
  offset: number,
  names: readonly string[] | undefined,
): JsonValue {
  const [size, ...rest] = shape;
  if (size === undefined) return scalar(tensor, tensor.values[offset] ?? 0, names);
  const step = product(rest);
  return Array.from({ length: size }, (_, i) => nested(tensor, rest, offset + i * step, names));
}

function scalar(
  { dtype }: PredictedTensor,
  value: number,
  names: readonly string[] | undefined,
): JsonValue {
  if (dtype === 'bool') return value !== 0;
  // JSON has no other word for these.
  if (!Number.isFinite(value)) return null;
  return dtype === 'f32' ? shortestSingle(value) : named(value, names);
}

/** The number of fewest digits that is the same f32: 0.1, not 0.10000000149011612. */
export function shortestSingle(value: number): number {
  for (let digits = 6; digits <= 9; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

const SHOWN_ITEMS = 10;

/** A value in a table cell: numbers in short, long lists cut. */
export function cellText(value: JsonValue): string {
  if (typeof value === 'number')
    return Number.isInteger(value)
      ? String(value)
      : value
          .toPrecision(4)
          .replace(/(\.\d*?)0+$/, '$1')
          .replace(/\.$/, '');
  if (value === null) return 'not finite';
  if (typeof value === 'string') return shownName(value);
  if (typeof value === 'boolean') return String(value);
  const shown = value
    .slice(0, SHOWN_ITEMS)
    .map((item) => (typeof item === 'number' ? shortItem(item) : cellText(item)));
  return `[${shown.join(' ')}${value.length > SHOWN_ITEMS ? ' …' : ''}]`;
}

function shortItem(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) < 1000 ? value.toFixed(2) : value.toExponential(1);
}
