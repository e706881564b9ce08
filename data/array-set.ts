/**
 * Arrays with names (an archive, a folder of arrays, a safetensors file) as a data set: each is a
 * column, its first axis the rows. Names that end in `_train` and `_test`, or begin so, are two splits.
 */
import { DataError } from './data-error.ts';
import { type AnyColumn, createDataset, type DataSplits } from './dataset.ts';

/** `x_train`, `train.x`, `test-images`: which split, and what is left of the name. */
const splitMark = /^(?:(?<first>train|test)[_.-](?<rest>.+)|(?<name>.+)[_.-](?<last>train|test))$/;

/** Throws a DataError where there is no array, or rows do not go together. */
export function arraySet<C extends AnyColumn>(
  name: string,
  columns: readonly C[],
  notes: readonly string[] = [],
): DataSplits<C> {
  if (columns.length === 0) throw new DataError(name, 'there are no arrays');
  const marked = columns.map((column) => {
    const { first, rest, name: start, last } = splitMark.exec(column.name)?.groups ?? {};
    return { column, split: first ?? last, own: rest ?? start ?? column.name };
  });
  const isSplit = ['train', 'test'].every((one) => marked.some(({ split }) => split === one));
  if (!isSplit) return { train: createDataset(name, columns, notes) };
  const stray = marked.find(({ split }) => split === undefined);
  if (stray !== undefined) {
    throw new DataError(
      name,
      `the array \`${stray.column.name}\` belongs neither to the rows for training nor to those for testing`,
      'beside `x_train` and `x_test`, call it `…_train` or `…_test`',
    );
  }
  const part = (split: string) =>
    createDataset(
      name,
      marked
        .filter((one) => one.split === split)
        .map(({ column, own }) => ({ ...column, name: own })),
      notes,
    );
  return { train: part('train'), test: part('test') };
}
