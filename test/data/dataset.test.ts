/** Data sets: lengths that agree, slices that share memory, columns put together. */
import { expect, test } from 'vitest';
import { groupColumns } from '../../data/columns.ts';
import { type Column, createDataset, split, take } from '../../data/dataset.ts';
import { splitBySeed } from '../../data/split-rows.ts';
import { inMemory } from './fixtures.ts';

function labels(name: string, ...values: readonly number[]): Column {
  return { name, dtype: 'u8', kind: 'integer', rowShape: [], values: Uint8Array.from(values) };
}

const points: Column = {
  name: 'points',
  dtype: 'f32',
  kind: 'float',
  rowShape: [2],
  values: Float32Array.from({ length: 10 }, (_, at) => at),
};
const dataset = createDataset('five', [points, labels('label', 5, 6, 7, 8, 9)]);

test.each<[string, readonly Column[], string]>([
  ['no columns', [], 'set: there are no columns'],
  ['no rows', [labels('a')], 'set: there are no rows'],
  ['lengths', [points, labels('a', 1, 2)], '`points` has 5 rows, `a` has 2'],
  ['one name twice', [labels('a', 1), labels('a', 2)], 'two columns are called `a`'],
  ['a broken row', [{ ...points, rowShape: [3] }], '`points` has 10 values'],
])('disagreement in %s is refused', (_, columns, message) => {
  expect(() => createDataset('set', columns)).toThrow(message);
});

test('take gives the first rows without copying', () => {
  const two = take(dataset, 2);
  expect(two.rows).toBe(2);
  expect(two.columns.map((column) => [...column.values])).toEqual([
    [0, 1, 2, 3],
    [5, 6],
  ]);
  expect(two.columns[0]?.values.buffer).toBe(points.values.buffer);
  expect(take(dataset, 99).rows).toBe(5);
  expect(() => take(dataset, 0)).toThrow('five: cannot take 0 rows');
});

test('split takes the last fraction for validation, rounded as Keras does', () => {
  const { train, validation } = split(dataset, 0.2);
  expect([...(train.columns[1]?.values ?? [])]).toEqual([5, 6, 7, 8]);
  expect([...(validation.columns[1]?.values ?? [])]).toEqual([9]);
  expect([...(validation.columns[0]?.values ?? [])]).toEqual([8, 9]);
  expect(split(dataset, 0.5).train.rows).toBe(2);
  for (const fraction of [0, 1, -0.1, Number.NaN]) {
    expect(() => split(dataset, fraction)).toThrow('empty');
  }
});

test('groupColumns makes one longer row of several numbers', () => {
  const table = createDataset('table', [labels('a', 1, 2), labels('b', 3, 4), labels('y', 5, 6)]);
  const grouped = inMemory(groupColumns(table, 'ab', ['a', 'b']));
  expect(grouped.columns.map(({ name, rowShape }) => [name, rowShape])).toEqual([
    ['ab', [2]],
    ['y', []],
  ]);
  expect([...(grouped.columns[0]?.values ?? [])]).toEqual([1, 3, 2, 4]);
  expect(() => groupColumns(table, 'z', ['q'])).toThrow('no column `q`; there are a, b, y');
  expect(() => groupColumns(dataset, 'z', ['points'])).toThrow('more than one number a row');
});

test('a seed chooses the rows for validation: each once, in order, others for another seed', () => {
  const rows = 1000;
  const dataset = createDataset('numbers', [
    {
      name: 'x',
      dtype: 'f32',
      rowShape: [2],
      kind: 'float',
      values: Float32Array.from({ length: rows * 2 }, (_, i) => i),
    },
  ]);
  const rowsOf = (part: typeof dataset): number[] =>
    [...(part.columns[0]?.values ?? [])].filter((_, i) => i % 2 === 0).map((value) => value / 2);
  const { train, validation } = splitBySeed(dataset, 0.25, 7);
  expect([train.rows, validation.rows]).toEqual([750, 250]);
  const [kept, held] = [rowsOf(train), rowsOf(validation)];
  expect([...kept, ...held].toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: rows }, (_, row) => row),
  );
  expect(held).toEqual(held.toSorted((a, b) => a - b));
  // Spread over the whole file: about as many in each quarter, within four standard deviations.
  for (const quarter of [0, 1, 2, 3]) {
    const count = held.filter((row) => Math.floor(row / 250) === quarter).length;
    expect(Math.abs(count - 62.5)).toBeLessThan(4 * Math.sqrt(250 * 0.25 * 0.75));
  }
  expect(rowsOf(splitBySeed(dataset, 0.25, 7).validation)).toEqual(held);
  expect(rowsOf(splitBySeed(dataset, 0.25, 8).validation)).not.toEqual(held);
  expect(() => splitBySeed(dataset, 0.0001, 7)).not.toThrow();
  expect(() => splitBySeed(dataset, 1, 7)).toThrow('leaves one side of 1,000 rows empty');
});
