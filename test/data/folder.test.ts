/** Folders: train and test files of any format, arrays, files of the data set's name, and which of them comes first. */
import { expect, test } from 'vitest';
import { readFolder } from '../../data/folder.ts';
import { npyHeader } from '../../data/npy.ts';
import { bytesOf, gzipped, idxFile, inMemory, memoryFiles, utf8 } from './fixtures.ts';

type Contents = Readonly<Record<string, Uint8Array<ArrayBuffer>>>;

async function read(contents: Contents, name = 'mine') {
  const places = Object.fromEntries(
    Object.entries(contents).map(([file, bytes]) => [`d/${file}`, bytes]),
  );
  const options = { files: memoryFiles(places), memory: 1e6 };
  const splits = await readFolder(name, 'd', options, 'all');
  const values = (part: 'train' | 'test') =>
    splits?.[part] === undefined
      ? undefined
      : Object.fromEntries(
          inMemory(splits[part]).columns.map(({ name, values }) => [name, [...values]]),
        );
  return splits && { train: values('train'), test: values('test') };
}

const array = (...numbers: readonly number[]) =>
  bytesOf(npyHeader('u8', [numbers.length]), numbers);

test('train and test, packed or not, whose classes have the same numbers', async () => {
  const train = utf8('a,kind\n1,wolf\n2,fox\n');
  const tested = utf8('a,kind\n3,wolf\n');
  const expected = { train: { a: [1, 2], kind: [1, 0] }, test: { a: [3], kind: [1] } };
  expect(await read({ 'train.csv': train, 'test.csv': tested })).toEqual(expected);
  expect(await read({ 'train.csv.gz': gzipped(train), 'test.csv': tested })).toEqual(expected);
  expect(await read({ 'train.csv': train })).toEqual({ ...expected, test: undefined });
});

test('train and test may be of two formats', async () => {
  const contents = { 'train.csv': utf8('a\n1\n2\n'), 'test.json': utf8('[{"a": 3}]') };
  expect(await read(contents)).toEqual({ train: { a: [1, 2] }, test: { a: [3] } });
});

test('arrays are columns, or two splits of them', async () => {
  const plain = { 'x.npy': array(1, 2), 'y.npy.gz': gzipped(array(3, 4)), 'readme.md': utf8('hi') };
  expect(await read(plain)).toEqual({ train: { x: [1, 2], y: [3, 4] }, test: undefined });
  const split = {
    'x_train.npy': array(1, 2),
    'y_train.npy': array(3, 4),
    'x_test.npy': array(5),
    'y_test.npy': array(6),
  };
  expect(await read(split)).toEqual({ train: { x: [1, 2], y: [3, 4] }, test: { x: [5], y: [6] } });
});

test('four IDX files, then a file of the name, then train and test, then arrays', async () => {
  const images = idxFile(8, [1, 1, 1], [7]);
  const labels = idxFile(8, [1], [1]);
  const contents = {
    'x.npy': array(1),
    'train.csv': utf8('a\n2\n'),
    'mine.csv': utf8('a\n3\n'),
    'train-images-idx3-ubyte': images,
    'train-labels-idx1-ubyte': labels,
    't10k-images-idx3-ubyte': images,
    't10k-labels-idx1-ubyte': labels,
  };
  const without = (...endings: readonly string[]) =>
    Object.fromEntries(
      Object.entries(contents).filter(([name]) => !endings.some((end) => name.endsWith(end))),
    );
  expect((await read(contents))?.train).toEqual({ image: [7], label: [1] });
  expect((await read(without('ubyte')))?.train).toEqual({ a: [3] });
  expect((await read(without('ubyte', 'mine.csv')))?.train).toEqual({ a: [2] });
  expect((await read(without('ubyte', '.csv')))?.train).toEqual({ x: [1] });
  expect(await read(without('ubyte', '.csv', '.npy'))).toBeUndefined();
});
