/** A data column in the element type of the input that it feeds. Values are converted, never clamped or rounded. */
import type { StorageDType } from '../compiler/graph/dtype.ts';
import type { ModelInput } from '../compiler/model.ts';
import { type Column, DataError, rowElements } from '../data/index.ts';

export type FeedValues =
  | Float32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int8Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>;

/** What an input's element type can hold, and the array that holds it. */
interface Target {
  readonly create: (length: number) => FeedValues;
  /** Least and greatest whole number; absent for floats, which take every value. */
  readonly range?: readonly [number, number];
}

const targets: Readonly<Record<Exclude<StorageDType, 'f16'>, Target>> = {
  f32: { create: (n) => new Float32Array(n) },
  i32: { create: (n) => new Int32Array(n), range: [-(2 ** 31), 2 ** 31 - 1] },
  u32: { create: (n) => new Uint32Array(n), range: [0, 2 ** 32 - 1] },
  i16: { create: (n) => new Int16Array(n), range: [-32768, 32767] },
  u16: { create: (n) => new Uint16Array(n), range: [0, 65535] },
  i8: { create: (n) => new Int8Array(n), range: [-128, 127] },
  u8: { create: (n) => new Uint8Array(n), range: [0, 255] },
  bool: { create: (n) => new Uint32Array(n), range: [0, 1] },
};

/** The column's own array where the type is the same. Throws DataError for a value that the type cannot hold. */
export function convertColumn(column: Column, input: ModelInput, data: string): FeedValues {
  if (column.dtype === input.storage) return column.values;
  if (input.storage === 'f16')
    throw new DataError(
      data,
      `\`input ${input.name}: f16\` cannot be fed with data yet`,
      'declare the input as `f32` and cast it: `cast(x, f16)`',
    );
  const { create, range } = targets[input.storage];
  const values = create(column.values.length);
  if (range !== undefined) checkWhole(column, input, range, data);
  values.set(column.values);
  return values;
}

function checkWhole(
  column: Column,
  input: ModelInput,
  [least, most]: readonly [number, number],
  data: string,
): void {
  const at = column.values.findIndex((x) => !Number.isInteger(x) || x < least || x > most);
  if (at < 0) return;
  const value = column.values[at] ?? 0;
  const row = Math.floor(at / rowElements(column));
  throw new DataError(
    data,
    `\`${column.name}\` has ${value} at row ${row}, which \`input ${input.name}: ${input.storage}\` cannot hold`,
    `declare the input as \`${Number.isInteger(value) ? 'i32' : 'f32'}\`, or feed it from another column`,
  );
}
