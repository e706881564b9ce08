/**
 * Several columns of one number each, seen as one column of a longer row: 64 pixel columns of a
 * table become `pixels` [64].
 */
import { DataError } from './data-error.ts';
import {
  type AnyColumn,
  type AnyDataset,
  type Column,
  type ColumnInfo,
  type ColumnValues,
  createDataset,
  isStored,
} from './dataset.ts';
import { allocate } from './element-type.ts';

/**
 * `dataset` with the columns `from` (each one number a row) replaced by a column `name` of row shape
 * [from.length], first in order.
 */
export function groupColumns(
  dataset: AnyDataset,
  name: string,
  from: readonly string[],
): AnyDataset {
  const rest = dataset.columns.filter((column) => !from.includes(column.name));
  return createDataset(dataset.name, [stackColumns(dataset, name, from), ...rest], dataset.notes);
}

/**
 * The columns `from` (each one number a row) as one column `name` of row shape [from.length]. Its dtype
 * is the widest of theirs: u8, then i32, then f32. Throws a DataError for a column that is not there
 * or has more than one number a row.
 */
export function stackColumns(
  dataset: AnyDataset,
  name: string,
  from: readonly string[],
): AnyColumn {
  const parts = from.map((part) => findNumber(dataset, part));
  const dtype = widest(parts);
  const kind = dtype === 'f32' ? 'float' : 'integer';
  const info: ColumnInfo = { name, dtype, kind, rowShape: [parts.length] };
  const resident = parts.filter((part): part is Column => !isStored(part));
  if (resident.length === parts.length) {
    const values = interleave(
      dtype,
      resident.map((part) => part.values),
      dataset.rows,
    );
    return { ...info, values };
  }
  const stored = {
    rows: dataset.rows,
    mark: parts.map((part) => (isStored(part) ? part.stored.mark : part.name)).join(', '),
    async read(rows: Uint32Array): Promise<ColumnValues> {
      const found: ColumnValues[] = [];
      for (const part of parts) found.push(await rowsOf(part, rows));
      return interleave(dtype, found, rows.length);
    },
  };
  return { ...info, stored };
}

const rowsOf = (column: AnyColumn, rows: Uint32Array): ColumnValues | Promise<ColumnValues> =>
  isStored(column) ? column.stored.read(rows) : pick(column.values, rows);

function pick(values: ColumnValues, rows: Uint32Array): ColumnValues {
  const picked = values.slice(0, rows.length);
  for (const [place, row] of rows.entries()) picked[place] = values[row] ?? 0;
  return picked;
}

function interleave(
  dtype: ColumnInfo['dtype'],
  parts: readonly ColumnValues[],
  rows: number,
): ColumnValues {
  const width = parts.length;
  const values = allocate(dtype, rows * width);
  for (const [place, part] of parts.entries()) {
    for (let row = 0; row < rows; row++) values[row * width + place] = part[row] ?? 0;
  }
  return values;
}

/** `dataset` with one column called otherwise. */
export function renameColumn(dataset: AnyDataset, from: string, to: string): AnyDataset {
  const columns = dataset.columns.map((column) =>
    column.name === from ? { ...column, name: to } : column,
  );
  return createDataset(dataset.name, columns, dataset.notes);
}

function findNumber(dataset: AnyDataset, name: string): AnyColumn {
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

function widest(columns: readonly ColumnInfo[]): ColumnInfo['dtype'] {
  if (columns.some((column) => column.dtype === 'f32')) return 'f32';
  return columns.some((column) => column.dtype === 'i32') ? 'i32' : 'u8';
}
