/** A data column in the element type of the input that it feeds. Values are converted, never clamped or rounded. */
import type { StorageDType } from '../compiler/graph/dtype.ts';
import type { ModelInput } from '../compiler/model.ts';
import { type ColumnInfo, type ColumnValues, DataError, rowElements } from '../data/index.ts';

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

/** Values of a column, and which row of the data set each of their rows is. */
export interface ColumnRows {
  readonly column: ColumnInfo;
  readonly values: ColumnValues;
  readonly rowNumber: (place: number) => number;
}

/**
 * The values themselves where the type is the same. Throws DataError for a value that the type cannot
 * hold, and for one that is no finite number, by its row.
 */
export function convertColumn(rows: ColumnRows, input: ModelInput, data: string): FeedValues {
  const { column, values } = rows;
  if (input.storage === 'f16')
    throw new DataError(
      data,
      `\`input ${input.name}: f16\` cannot be fed with data yet`,
      'declare the input as `f32` and cast it: `cast(x, f16)`',
    );
  const { create, range } = targets[input.storage];
  if (range === undefined) checkNumbers(rows, data);
  if (column.dtype === input.storage) return values;
  if (range !== undefined) checkWhole(rows, input, range, data);
  const converted = create(values.length);
  converted.set(values);
  return converted;
}

function checkNumbers(rows: ColumnRows, data: string): void {
  if (rows.column.dtype !== 'f32') return;
  const { values } = rows;
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] ?? 0;
    // Only a finite number is 0 away from itself.
    if (value - value === 0) continue;
    throw new DataError(
      data,
      `\`${rows.column.name}\` has ${value} ${placeOf(rows, at)}, which is no finite number`,
      'fill in missing values first',
    );
  }
}

function checkWhole(
  rows: ColumnRows,
  input: ModelInput,
  [least, most]: readonly [number, number],
  data: string,
): void {
  const { column, values } = rows;
  const at = values.findIndex((x) => !Number.isInteger(x) || x < least || x > most);
  if (at < 0) return;
  const value = values[at] ?? 0;
  throw new DataError(
    data,
    `\`${column.name}\` has ${value} ${placeOf(rows, at)}, which \`input ${input.name}: ${input.storage}\` cannot hold`,
    `declare the input as \`${Number.isInteger(value) ? 'i32' : 'f32'}\`, or feed it from another column`,
  );
}

/** `at row 12`, and where in the row if that has several numbers. */
function placeOf({ column, rowNumber }: ColumnRows, at: number): string {
  const elements = rowElements(column);
  const row = `at row ${rowNumber(Math.floor(at / elements))}`;
  return column.rowShape.length === 0 ? row : `${row}, place ${at % elements}`;
}
