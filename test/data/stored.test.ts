/** Rows that stay in their file: the same numbers as in memory, in any order, of any format, also where rows are set apart. */
import { describe, expect, test } from 'vitest';
import { groupColumns } from '../../data/columns.ts';
import { type AnyDataset, isStored, take } from '../../data/dataset.ts';
import type { Files } from '../../data/files.ts';
import { npyHeader } from '../../data/npy.ts';
import { epochOrder } from '../../data/order.ts';
import type { RowOrder } from '../../data/permutation.ts';
import { readDataFile } from '../../data/read-file.ts';
import { residentRows } from '../../data/resident.ts';
import { splitBySeed } from '../../data/split-rows.ts';
import { bytesOf, idxFile, memoryFiles, utf8 } from './fixtures.ts';
import { fortran } from './numpy-files.ts';

const rows = 3000;
/** Of the text. */
const window = 16;
const noise = (i: number): number => (i * 7919) % 1013;
const csv = utf8(
  [
    'a,b,kind',
    ...Array.from(
      { length: rows },
      (_, i) => `${noise(i)},${i / 8},${['x', 'y', '"z, z"'][i % 3]}`,
    ),
    '',
  ].join('\r\n'),
);
/** Of one to four bytes. */
const letters = [...'abc\näß漢字🙂'];
const npy = bytesOf(
  npyHeader('f32', [rows, 2]),
  new Uint8Array(Float32Array.from({ length: 2 * rows }, (_, i) => noise(i) / 4).buffer),
);
const files: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {
  'x.csv': csv,
  'x.npy': npy,
  'x.txt': utf8(
    `\uFEFF${Array.from({ length: rows * 16 + 5 }, (_, i) => letters[noise(i) % letters.length]).join('')}`,
  ),
  'x.idx': idxFile(
    0x0b,
    [rows, 3],
    Array.from({ length: 6 * rows }, (_, i) => noise(i) % 256),
  ),
};

/** `most`: the most bytes that one read asked for. */
function counting(name: string, bytes: Uint8Array<ArrayBuffer>) {
  const inner = memoryFiles({ [name]: bytes });
  const seen = { most: 0 };
  const counted: Files = {
    ...inner,
    open: async (path, most) => {
      const file = await inner.open(path, most);
      return {
        ...file,
        read: (from, length) => {
          seen.most = Math.max(seen.most, length);
          return file.read(from, length);
        },
      };
    },
  };
  return { files: counted, seen };
}

async function open(name: string) {
  const bytes = files[name] ?? new Uint8Array();
  const { files: counted, seen } = counting(name, bytes);
  const stored = (await readDataFile(name, { files: counted, memory: 1000, window })).train;
  const resident = (await readDataFile(name, { files: memoryFiles(files), memory: 1e9, window }))
    .train;
  expect(stored.columns.every(isStored)).toBe(true);
  expect(resident.columns.some(isStored)).toBe(false);
  return { stored, resident, seen };
}

/** The rows at the places from `from` to before `to`. */
const placesOf = (order: RowOrder, from: number, to: number): Uint32Array =>
  Uint32Array.from({ length: to - from }, (_, at) => order(from + at));

/** Of every column, the rows of these numbers. */
async function pick(dataset: AnyDataset, order: Uint32Array): Promise<readonly unknown[]> {
  const picked: unknown[] = [];
  for (const column of dataset.columns) {
    if (isStored(column)) picked.push(await column.stored.read(order));
    else {
      const width = column.values.length / dataset.rows;
      const values = column.values.slice(0, order.length * width);
      for (const [place, row] of order.entries())
        values.set(column.values.subarray(row * width, (row + 1) * width), place * width);
      picked.push(values);
    }
  }
  return picked;
}

const info = (dataset: AnyDataset) =>
  dataset.columns.map(({ name, dtype, kind, rowShape, classes }) => ({
    name,
    dtype,
    kind,
    rowShape,
    classes,
  }));

describe.each(Object.keys(files))('%s', (name) => {
  test('columns are the same, and so are all rows in an order of any seed', async () => {
    const { stored, resident } = await open(name);
    expect(stored.rows).toBe(rows);
    expect(info(stored)).toEqual(info(resident));
    for (const epoch of [0, 1]) {
      const order = epochOrder(rows, { seed: 7, epoch });
      for (let from = 0; from < rows; from += 700) {
        const batch = placesOf(order, from, Math.min(rows, from + 700));
        expect(await pick(stored, batch)).toEqual(await pick(resident, batch));
      }
    }
  });

  test('one row, the same row twice, and none', async () => {
    const { stored, resident } = await open(name);
    for (const order of [[0], [rows - 1], [5, 5, 4, 5], []].map((one) => Uint32Array.from(one)))
      expect(await pick(stored, order)).toEqual(await pick(resident, order));
  });

  test('no read is of the whole file', async () => {
    const { stored, seen } = await open(name);
    // CSV is read once from end to end, a mebibyte at a time, to learn its columns.
    seen.most = 0;
    await pick(stored, placesOf(epochOrder(rows, { seed: 1, epoch: 0 }), 0, 64));
    expect(seen.most).toBeGreaterThan(0);
    expect(seen.most).toBeLessThan(9000);
  });

  test('the first rows, and rows set apart by a seed', async () => {
    const { stored, resident } = await open(name);
    const some = Uint32Array.of(3, 0, 99, 42);
    expect(await pick(take(stored, 100), some)).toEqual(await pick(take(resident, 100), some));
    const [apart, beside] = [splitBySeed(stored, 0.25, 3), splitBySeed(resident, 0.25, 3)];
    expect([apart.train.rows, apart.validation.rows]).toEqual([2250, 750]);
    for (const part of ['train', 'validation'] as const)
      expect(await pick(apart[part], some)).toEqual(await pick(beside[part], some));
  });

  test('all rows brought into memory', async () => {
    const { stored, resident } = await open(name);
    const [all, some] = [await residentRows(stored), await residentRows(stored, 2990, 100)];
    expect(all.columns.map(({ values }) => values)).toEqual(
      (await residentRows(resident)).columns.map(({ values }) => values),
    );
    expect(some.rows).toBe(10);
  });

  test('a mark tells the file from another one, and rows set apart from the others', async () => {
    const marks = (dataset: AnyDataset) =>
      dataset.columns.map((column) => (isStored(column) ? column.stored.mark : ''));
    const { stored } = await open(name);
    expect(marks((await open(name)).stored)).toEqual(marks(stored));
    const changed = (files[name] ?? new Uint8Array()).slice();
    // A digit, or a bit of a number, near the end.
    const at = changed.length - 12;
    changed[at] = (changed[at] ?? 0) ^ 1;
    const other = (
      await readDataFile(name, { files: memoryFiles({ [name]: changed }), memory: 1000, window })
    ).train;
    expect(marks(other)).not.toEqual(marks(stored));
    const { train, validation } = splitBySeed(stored, 0.25, 3);
    expect(
      new Set([stored, train, validation, take(stored, 5)].map((one) => marks(one)[0])).size,
    ).toBe(4);
  });
});

test('columns of a stored table are grouped into one', async () => {
  const { stored, resident } = await open('x.csv');
  const some = Uint32Array.of(9, 2, 2999);
  const [one, other] = [stored, resident].map((dataset) => groupColumns(dataset, 'ab', ['b', 'a']));
  if (one === undefined || other === undefined) throw new Error('two data sets');
  expect(one.columns[0]).toMatchObject({ name: 'ab', dtype: 'f32', rowShape: [2] });
  expect(await pick(one, some)).toEqual(await pick(other, some));
});

test('Fortran order is refused where it would have to be read piece by piece', async () => {
  await expect(
    readDataFile('x.npy', { files: memoryFiles({ 'x.npy': fortran }), memory: 50 }),
  ).rejects.toThrow('x.npy: an array in Fortran order is not read piece by piece, and this one is');
});

test('a file that becomes shorter, or other, while it is in use', async () => {
  for (const [name, message] of [
    ['x.npy', 'x.npy: the file has become shorter'],
    ['x.csv', 'x.csv: the file has changed while it was in use'],
    ['x.txt', 'x.txt: the file has changed while it was in use'],
  ] as const) {
    const bytes = (files[name] ?? new Uint8Array()).slice();
    const inner = memoryFiles({ [name]: bytes });
    let length = bytes.length;
    const open = async (path: string, most: number) => {
      const file = await inner.open(path, most);
      const read = async (from: number, count: number) =>
        (await file.read(from, count)).subarray(0, Math.max(0, length - from));
      return { ...file, read };
    };
    const { train } = await readDataFile(name, { files: { ...inner, open }, memory: 1000, window });
    length = 2000;
    await expect(pick(train, Uint32Array.of(rows - 1))).rejects.toThrow(message);
  }
});
