/** Rows of a data set brought into memory. */
import { type AnyDataset, type Column, type Dataset, isStored, rowElements } from './dataset.ts';

/** `count` rows from number `from` on, or as many as there are; what is in memory is not copied. */
export async function residentRows(
  dataset: AnyDataset,
  from = 0,
  count: number = dataset.rows,
): Promise<Dataset> {
  const to = Math.min(dataset.rows, from + count);
  const wanted = Uint32Array.from({ length: to - from }, (_, row) => from + row);
  const columns: Column[] = [];
  for (const column of dataset.columns) {
    const elements = rowElements(column);
    if (isStored(column)) {
      const { stored, ...info } = column;
      columns.push({ ...info, values: await stored.read(wanted) });
    } else {
      const values = column.values.subarray(from * elements, to * elements);
      columns.push({ ...column, values });
    }
  }
  return { ...dataset, rows: to - from, columns };
}
