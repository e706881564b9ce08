/**
 * Several columns of one number each, seen as one column of a longer row: 64 pixel columns of a
 * table become `pixels` [64].
 */
import { DataError } from './data-error.ts';
import { type Column, type ColumnValues, createDataset, type Dataset } from './dataset.ts';

/**
 * `dataset` with the columns `from` (each one number a row) replaced by a column `name` of row shape
 * [from.length], first in order. Its dtype is the widest of theirs: u8, then i32, then f32.
 * Throws a DataError for a column that is not there or has more than one number a row.
 */
export function groupColumns(dataset: Dataset, name: string, from: readonly string[]): Dataset {
  const parts = from.map((part) => findNumber(dataset, part));
  const width = parts.length;
  const dtype = widest(parts);
  const values = allocate(dtype, dataset.rows * width);
  for (const [place, part] of parts.entries()) {
    for (let row = 0; row < dataset.rows; row++)
      values[row * width + place] = part.values[row] ?? 0;
  }
  const kind = dtype === 'f32' ? 'float' : 'integer';
  const rest = dataset.columns.filter((column) => !from.includes(column.name));
  return createDataset(dataset.name, [{ name, dtype, kind, rowShape: [width], values }, ...rest]);
}

/** `dataset` with one column called otherwise. */
export function renameColumn(dataset: Dataset, from: string, to: string): Dataset {
  const columns = dataset.columns.map((column) =>
    column.name === from ? { ...column, name: to } : column,
  );
  return createDataset(dataset.name, columns);
}

function findNumber(dataset: Dataset, name: string): Column {
  const column = dataset.columns.find((candidate) => candidate.name === name);
  if (column === undefined) {
    const names = dataset.columns.map((candidate) => candidate.name).join(', ');
    throw new DataError(dataset.name, `there is no column \`${name}\`; there are ${names}`);
  }
  if (column.rowShape.length > 0) {
    throw new DataError(dataset.name, `\`${name}\` has more than one number a row`);
  }
  return column;
}

function widest(columns: readonly Column[]): Column['dtype'] {
  if (columns.some((column) => column.dtype === 'f32')) return 'f32';
  return columns.some((column) => column.dtype === 'i32') ? 'i32' : 'u8';
}

function allocate(dtype: Column['dtype'], length: number): ColumnValues {
  switch (dtype) {
    case 'u8':
      return new Uint8Array(length);
    case 'i32':
      return new Int32Array(length);
    case 'f32':
      return new Float32Array(length);
    default:
      return dtype satisfies never;
  }
}
