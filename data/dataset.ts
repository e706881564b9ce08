/**
 * A data set: named columns of equal length, each a typed array with one row after the other.
 * Readers produce it, batches are gathered from it. Slices share the memory of the whole.
 */
import { counted, DataError, grouped } from './data-error.ts';

export type ColumnValues =
  | Uint8Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>;

/** One named column; `values` holds rows * product(rowShape) elements, row-major. */
export interface Column {
  readonly name: string;
  readonly dtype: 'u8' | 'i32' | 'f32';
  /** The shape of one row: `[28, 28]` for images, `[]` for a number a row. */
  readonly rowShape: readonly number[];
  readonly values: ColumnValues;
  readonly kind: 'integer' | 'float';
  /** The classes' names where the file gives them: value 0 is the first. */
  readonly classes?: readonly string[];
}

export interface Dataset {
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly Column[];
}

/** A data set as it is distributed: rows to train on and, perhaps, rows to test on. */
export interface DataSplits {
  readonly train: Dataset;
  readonly test?: Dataset;
}

/** How many elements one row of a column has. */
export function rowElements(column: Pick<Column, 'rowShape'>): number {
  return column.rowShape.reduce((product, size) => product * size, 1);
}

/**
 * Puts columns together to a data set. Throws a DataError when there are none, when two have one name
 * or when their lengths disagree.
 */
export function createDataset(name: string, columns: readonly Column[]): Dataset {
  const [first] = columns;
  if (first === undefined) throw new DataError(name, 'there are no columns');
  const rows = rowsOf(name, first);
  const seen = new Set<string>();
  for (const column of columns) {
    if (seen.has(column.name)) {
      throw new DataError(name, `two columns are called \`${column.name}\``);
    }
    seen.add(column.name);
    const own = rowsOf(name, column);
    if (own !== rows) {
      throw new DataError(
        name,
        `\`${first.name}\` has ${counted(rows, 'row')}, \`${column.name}\` has ${grouped(own)}`,
      );
    }
  }
  if (rows === 0) throw new DataError(name, 'there are no rows');
  return { name, rows, columns };
}

function rowsOf(name: string, column: Column): number {
  const elements = rowElements(column);
  const rows = column.values.length / elements;
  if (elements > 0 && Number.isInteger(rows)) return rows;
  throw new DataError(
    name,
    `\`${column.name}\` has ${counted(column.values.length, 'value')}, ` +
      `which is no whole number of rows of ${grouped(elements)}`,
  );
}

/** The first `rows` rows, or all when there are fewer; shares the memory of `dataset`. */
export function take(dataset: Dataset, rows: number): Dataset {
  return slice(dataset, 0, Math.min(dataset.rows, wholeRows(dataset, rows)));
}

/**
 * Splits off the last `fraction` of the rows for validation, as Keras does with `validation_split`:
 * the first floor(rows * (1 - fraction)) rows stay. Throws a DataError when one side would be empty.
 */
export function split(
  dataset: Dataset,
  fraction: number,
): { readonly train: Dataset; readonly validation: Dataset } {
  const kept = Math.floor(dataset.rows * (1 - fraction));
  if (!(kept >= 1 && kept < dataset.rows)) {
    throw new DataError(
      dataset.name,
      `a validation fraction of ${fraction} leaves one side of ${counted(dataset.rows, 'row')} empty`,
      'give a fraction between 0 and 1, such as 0.1',
    );
  }
  return {
    train: slice(dataset, 0, kept),
    validation: slice(dataset, kept, dataset.rows),
  };
}

function wholeRows(dataset: Dataset, rows: number): number {
  if (Number.isInteger(rows) && rows >= 1) return rows;
  throw new DataError(dataset.name, `cannot take ${rows} rows`, 'give a whole number from 1 on');
}

function slice(dataset: Dataset, from: number, to: number): Dataset {
  const columns = dataset.columns.map((column) => {
    const elements = rowElements(column);
    return { ...column, values: column.values.subarray(from * elements, to * elements) };
  });
  return { name: dataset.name, rows: to - from, columns };
}
