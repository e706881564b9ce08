/** NPY: every type as NumPy writes it, both orders, all versions; what is written comes back, byte for byte as NumPy's. */
import { describe, expect, test } from 'vitest';
import { storedArrayColumn } from '../../data/array-layout.ts';
import type { Column } from '../../data/dataset.ts';
import { elementType } from '../../data/element-type.ts';
import { npyHeader, type WrittenType } from '../../data/npy.ts';
import { readDataFile } from '../../data/read-file.ts';
import { bytesOf, gzipped, inMemory, memoryFiles } from './fixtures.ts';
import { fortran, numpyTypes, version2, version3 } from './numpy-files.ts';

async function read(bytes: Uint8Array<ArrayBuffer>, name = 'x.npy'): Promise<Column> {
  const files = memoryFiles({ [name]: bytes });
  const { train, test: tested } = await readDataFile(name, { files, memory: 1e6 });
  expect(tested).toBeUndefined();
  const [column, another] = inMemory(train).columns;
  expect(another).toBeUndefined();
  if (column === undefined) throw new Error('no column');
  return column;
}

const expected: Readonly<Record<string, readonly number[]>> = {
  u: [0, 1, 200],
  i: [-128, 0, 100],
  f: [-0.5, 0, 1.25],
  b: [1, 0, 1],
};

describe('what NumPy writes', () => {
  test.each(numpyTypes)('%s', async (descr, bytes) => {
    const column = await read(bytes);
    const letter = descr[1] ?? '';
    expect([...column.values]).toEqual(expected[letter]);
    const narrow = descr === '|u1' || descr === '|b1';
    expect(column).toMatchObject({
      name: 'x',
      rowShape: [],
      dtype: narrow ? 'u8' : letter === 'f' ? 'f32' : 'i32',
      kind: letter === 'f' ? 'float' : 'integer',
    });
  });

  test('Fortran order is turned', async () => {
    const column = await read(fortran);
    expect(column.rowShape).toEqual([3, 4]);
    expect([...column.values]).toEqual(Array.from({ length: 24 }, (_, i) => i));
  });

  test.each([
    ['2', version2],
    ['3', version3],
  ])('version %s', async (_, bytes) => {
    const column = await read(bytes);
    expect(column.rowShape).toEqual([3]);
    expect([...column.values]).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('packed, and called by its file', async () => {
    const column = await read(gzipped(version2), 'folder/images.npy.gz');
    expect(column.name).toBe('images');
    expect([...column.values]).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe('what is written', () => {
  test('opens as the file of NumPy does', () => {
    const theirs = numpyTypes.find(([descr]) => descr === '<f4')?.[1] ?? new Uint8Array();
    expect(npyHeader('f32', [3])).toEqual(theirs.subarray(0, 128));
    expect(npyHeader('f32', [2, 3]).length % 64).toBe(0);
  });

  test.each<[WrittenType, ArrayBufferView, readonly number[]]>([
    [
      'f32',
      Float32Array.of(1.5, -0, Number.NaN, Number.POSITIVE_INFINITY),
      [1.5, -0, Number.NaN, Number.POSITIVE_INFINITY],
    ],
    ['i32', Int32Array.of(-(2 ** 31), -1, 0, 2 ** 31 - 1), [-(2 ** 31), -1, 0, 2 ** 31 - 1]],
    ['u32', Uint32Array.of(0, 1, 2, 2 ** 31 - 1), [0, 1, 2, 2 ** 31 - 1]],
    ['u8', Uint8Array.of(0, 1, 254, 255), [0, 1, 254, 255]],
    ['bool', Uint8Array.of(0, 1, 1, 0), [0, 1, 1, 0]],
  ])('%s comes back', async (dtype, { buffer }, values) => {
    for (const shape of [[4], [2, 2], [1, 2, 2], [4, 1, 1, 1]]) {
      const bytes = bytesOf(npyHeader(dtype, shape), new Uint8Array(buffer as ArrayBuffer));
      const column = await read(bytes);
      expect(column.rowShape).toEqual(shape.slice(1));
      expect([...column.values]).toEqual(values);
    }
  });
});

test('more rows than 32 bits number are refused, though the file has them', async () => {
  const layout = {
    element: elementType('u1', true),
    shape: [2 ** 32],
    start: 128,
    columnMajor: false,
  };
  const source = {
    size: 128 + 2 ** 32,
    read: async (_: number, length: number) => new Uint8Array(length),
    close: () => undefined,
  };
  await expect(storedArrayColumn('x', layout, source, 'x.npy')).rejects.toThrow(
    'x.npy: there are 4,294,967,296 rows; up to 4,294,967,295 are read',
  );
});
