/** A data column in the element type of the input that it feeds. Whole numbers are converted, never clamped or rounded. */
import { wholeRange } from '../compiler/graph/dtype.ts';
import type { ModelInput } from '../compiler/model.ts';
import { type ColumnInfo, type ColumnValues, DataError, rowElements } from '../data/index.ts';
import { arrayOf, type ElementArray } from './element-arrays.ts';

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
export function convertColumn(rows: ColumnRows, input: ModelInput, data: string): ElementArray {
  const { column, values } = rows;
  const range = wholeRange(input.storage);
  if (range === undefined) checkNumbers(rows, data);
  if (column.dtype === input.storage) return values;
  if (range !== undefined) checkWhole(rows, input, range, data);
  return arrayOf(input.storage, values);
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
