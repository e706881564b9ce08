/**
 * A data set: named columns of equal length, one row after the other. A column lies in memory as a
 * typed array, or stays in its file and gives rows when it is asked. Slices share what the whole has.
 */
import { counted, DataError, grouped } from './data-error.ts';

/** The numbers of a column in row-major order. */
export type ColumnValues =
  | Uint8Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>;

/** What is known of a column before any of its rows is read. */
export interface ColumnInfo {
  readonly name: string;
  readonly dtype: 'u8' | 'i32' | 'f32';
  /** The shape of one row: `[28, 28]` for images, `[]` for a number a row. */
  readonly rowShape: readonly number[];
  readonly kind: 'integer' | 'float';
  /** The classes' names where the file gives them: value 0 is the first. */
  readonly classes?: readonly string[];
}

/** A column in memory; `values` holds rows * product(rowShape) elements, row-major. */
export interface Column extends ColumnInfo {
  readonly values: ColumnValues;
}

/** Rows that stay in their file until they are asked for. */
export interface StoredRows {
  readonly rows: number;
  /** Tells these rows from those of other files: its size, and a checksum of its ends. */
  readonly mark: string;
  /** The rows of these numbers, in this order. */
  read(rows: Uint32Array): Promise<ColumnValues>;
}

/** A column that is too large for memory. */
export interface StoredColumn extends ColumnInfo {
  readonly stored: StoredRows;
}

/** A column, in memory or not. */
export type AnyColumn = Column | StoredColumn;

export interface Dataset<C extends ColumnInfo = Column> {
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly C[];
  /** What the reader did that its user may want to know: a column left out. */
  readonly notes?: readonly string[];
}

/** A data set, in memory or not. */
export type AnyDataset = Dataset<AnyColumn>;

/** A data set as it is distributed: rows to train on and, perhaps, rows to test on. */
export interface DataSplits<C extends ColumnInfo = Column> {
  readonly train: Dataset<C>;
  readonly test?: Dataset<C>;
}

export const isStored = (column: AnyColumn): column is StoredColumn => 'stored' in column;

/** How many elements one row of a column has. */
export function rowElements(column: Pick<ColumnInfo, 'rowShape'>): number {
  return column.rowShape.reduce((product, size) => product * size, 1);
}

/**
 * Puts columns together to a data set. Throws a DataError when there are none, when two have one name
 * or when their lengths disagree.
 */
export function createDataset<C extends AnyColumn>(
  name: string,
  columns: readonly C[],
  notes: readonly string[] = [],
): Dataset<C> {
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
  return { name, rows, columns, ...(notes.length === 0 ? {} : { notes }) };
}

function rowsOf(name: string, column: AnyColumn): number {
  if (isStored(column)) return column.stored.rows;
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
export function take<C extends AnyColumn>(dataset: Dataset<C>, rows: number): Dataset<C> {
  return slice(dataset, 0, Math.min(dataset.rows, wholeRows(dataset, rows)));
}

/**
 * Splits off the last `fraction` of the rows for validation, as Keras does with `validation_split`:
 * the first floor(rows * (1 - fraction)) rows stay. Throws a DataError when one side would be empty.
 */
export function split<C extends AnyColumn>(
  dataset: Dataset<C>,
  fraction: number,
): { readonly train: Dataset<C>; readonly validation: Dataset<C> } {
  const kept = keptRows(dataset, fraction);
  return {
    train: slice(dataset, 0, kept),
    validation: slice(dataset, kept, dataset.rows),
  };
}

/** How many rows remain for training. Throws a DataError when one side would be empty. */
export function keptRows(dataset: Dataset<ColumnInfo>, fraction: number): number {
  const kept = Math.floor(dataset.rows * (1 - fraction));
  if (kept >= 1 && kept < dataset.rows) return kept;
  throw new DataError(
    dataset.name,
    `a validation fraction of ${fraction} leaves one side of ${counted(dataset.rows, 'row')} empty`,
    'give a fraction between 0 and 1, such as 0.1',
  );
}

function wholeRows(dataset: Dataset<ColumnInfo>, rows: number): number {
  if (Number.isInteger(rows) && rows >= 1) return rows;
  throw new DataError(dataset.name, `cannot take ${rows} rows`, 'give a whole number from 1 on');
}

function slice<C extends AnyColumn>(dataset: Dataset<C>, from: number, to: number): Dataset<C> {
  const columns = dataset.columns.map((column): C => {
    if (isStored(column)) return { ...column, stored: storedSlice(column.stored, from, to) };
    const elements = rowElements(column);
    return { ...column, values: column.values.subarray(from * elements, to * elements) };
  });
  return { ...dataset, rows: to - from, columns };
}

function storedSlice(whole: StoredRows, from: number, to: number): StoredRows {
  if (from === 0 && to === whole.rows) return whole;
  return {
    rows: to - from,
    mark: `${whole.mark} rows ${from} to ${to}`,
    read: (rows) => whole.read(rows.map((row) => row + from)),
  };
}
