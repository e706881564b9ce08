/** One column of a table as numbers: for looking at data, and for computing with them outside of a model. */
import {
  type AnyDataset,
  type ColumnInfo,
  type ColumnValues,
  residentRows,
} from '../../data/index.ts';
import { nearest } from '../../grammar/index.ts';
import { UsageError } from '../usage-error.ts';
import type { ShapedNumbers } from './values.ts';

/** The values of a column for all rows, as `tensor(data, { shape })`, `fit` and `predict` take them. */
export interface ColumnNumbers extends ShapedNumbers {
  readonly dtype: ColumnInfo['dtype'];
  /** The number of rows, then the shape of one. */
  readonly shape: readonly number[];
  /** In row-major order. What the table has in memory is shared with it, not copied. */
  readonly data: ColumnValues;
  /** The classes' names where the file gives them: value 0 is the first. */
  readonly classes?: readonly string[];
}

/**
 * A column of a table of `loadData`: `const { data, shape } = await readColumn(train, 'image')`. Reads those that stay in
 * their file. Throws UsageError where there is none of that name, and DataError where the file cannot be read any more.
 */
export async function readColumn(table: AnyDataset, name: string): Promise<ColumnNumbers> {
  const wanted = table.columns.filter((column) => column.name === name);
  const { rows, columns } = await residentRows({ ...table, columns: wanted });
  const [column] = columns;
  if (column === undefined) throw noColumn(table, name);
  const { dtype, rowShape, values, classes } = column;
  const shape = [rows, ...rowShape];
  return { dtype, shape, data: values, ...(classes === undefined ? {} : { classes }) };
}

function noColumn({ name: table, columns }: AnyDataset, name: string): UsageError {
  const names = columns.map((column) => column.name);
  const near = nearest(name, names);
  return new UsageError(
    `${table} has no column \`${name}\``,
    near === undefined ? `it has ${names.join(', ')}` : `did you mean \`${near}\`?`,
  );
}
