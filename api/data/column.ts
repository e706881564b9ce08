/** Numbers as a column of a data set, for the input that they have the name of. */
import { isFloat, loadedAs } from '../../compiler/graph/dtype.ts';
import type { ModelInput } from '../../compiler/model.ts';
import type { Column } from '../../data/index.ts';
import { sizeIn } from '../../train/index.ts';
import { UsageError } from '../usage-error.ts';
import type { FoundNumbers } from './numbers.ts';

export type Sizes = Readonly<Record<string, number>>;

/** Elements of a row; undefined where a size of it is not known yet. */
export const rowElementsOf = (input: ModelInput, sizes: Sizes): number | undefined =>
  rowShapeOf(input, sizes)?.reduce((a, b) => a * b, 1);

function rowShapeOf({ shape }: ModelInput, sizes: Sizes): readonly number[] | undefined {
  const known = shape.slice(1).map((dim) => sizeIn(dim, sizes));
  return known.every((size) => size !== undefined) ? known : undefined;
}

/** `rows`: how many there are, where other columns say so. Throws UsageError where the numbers are no whole rows. */
export function columnOf(
  input: ModelInput,
  { values, shape }: FoundNumbers,
  sizes: Sizes,
  rows: number | undefined,
): Column {
  const rowShape =
    shape?.slice(1) ?? rowShapeOf(input, sizes) ?? solved(input, sizes, values.length, rows);
  if (shape?.length === 0 || rowShape === undefined) throw unknownRows(input, shape);
  const elements = rowShape.reduce((a, b) => a * b, 1);
  if (values.length % elements !== 0)
    throw new UsageError(
      `\`${input.name}\` has ${values.length} numbers, which are no whole number of rows of ${elements}`,
      `a row has the shape [${rowShape.join(', ')}]`,
    );
  return { name: input.name, rowShape, ...storedNumbers(values, input) };
}

/** Where one size is missing, the number of rows gives it. */
function solved(
  { shape }: ModelInput,
  sizes: Sizes,
  count: number,
  rows: number | undefined,
): readonly number[] | undefined {
  const known = shape.slice(1).map((dim) => sizeIn(dim, sizes));
  const missing = known.filter((size) => size === undefined).length;
  if (missing !== 1 || rows === undefined) return undefined;
  const size = count / rows / known.reduce<number>((a, b) => a * (b ?? 1), 1);
  return Number.isInteger(size) ? known.map((one) => one ?? size) : undefined;
}

function unknownRows(input: ModelInput, shape: readonly number[] | undefined): UsageError {
  if (shape !== undefined)
    return new UsageError(
      `\`${input.name}\` is a single number`,
      'give an array with one entry for each row',
    );
  return new UsageError(
    `how long a row of \`${input.name}\` is cannot be seen from a flat array`,
    'give lists of lists, or { shape, data }, or the size when the model is opened: `sizes: { t: 64 }`',
  );
}

/** In one of the types that columns have; whether the input can take them is checked where it is fed. */
function storedNumbers(
  values: ArrayLike<number>,
  input: ModelInput,
): Pick<Column, 'dtype' | 'kind' | 'values'> {
  if (isFloat(loadedAs(input.storage))) return floats(values);
  const found = bytesOrIntegers(values) ?? wholeNumbers(values, input);
  return found === undefined ? floats(values) : found;
}

/** Memory that threads share is taken like any other. */
function floats(values: ArrayLike<number>): Pick<Column, 'dtype' | 'kind' | 'values'> {
  if (values instanceof Float32Array)
    return { dtype: 'f32', kind: 'float', values: values as Float32Array<ArrayBuffer> };
  const other = bytesOrIntegers(values);
  return other ?? { dtype: 'f32', kind: 'float', values: Float32Array.from(values) };
}

function bytesOrIntegers(
  values: ArrayLike<number>,
): Pick<Column, 'dtype' | 'kind' | 'values'> | undefined {
  const [byte, whole] = [
    { dtype: 'u8', kind: 'integer' },
    { dtype: 'i32', kind: 'integer' },
  ] as const;
  if (values instanceof Uint8Array) return { ...byte, values: values as Uint8Array<ArrayBuffer> };
  if (values instanceof Uint8ClampedArray) return { ...byte, values: Uint8Array.from(values) };
  if (values instanceof Int32Array) return { ...whole, values: values as Int32Array<ArrayBuffer> };
  return undefined;
}

const [LEAST, MOST] = [-(2 ** 31), 2 ** 31 - 1];

/** Undefined where they are not all whole. */
function wholeNumbers(
  values: ArrayLike<number>,
  input: ModelInput,
): Pick<Column, 'dtype' | 'kind' | 'values'> | undefined {
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? 0;
    if (!Number.isInteger(value)) return undefined;
    if (value < LEAST || value > MOST)
      throw new UsageError(
        `\`${input.name}\` has ${value}, which is beyond the ${MOST} that data may have`,
        'number what they stand for from 0 on',
      );
  }
  return { dtype: 'i32', kind: 'integer', values: Int32Array.from(values) };
}
