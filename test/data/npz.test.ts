/** NPZ: NumPy's archives, packed or not, their splits, arrays that stay in the file; the zip that we write. */
import { expect, test } from 'vitest';
import { crc32 } from '../../data/crc32.ts';
import { type AnyDataset, isStored } from '../../data/dataset.ts';
import { npyHeader } from '../../data/npy.ts';
import { readDataFile } from '../../data/read-file.ts';
import { residentRows } from '../../data/resident.ts';
import { zipDirectory, zipLocalHeader } from '../../data/zip.ts';
import { bytesOf, gzipped, memoryFiles, utf8 } from './fixtures.ts';
import { archive, packedArchive } from './numpy-files.ts';

const read = (bytes: Uint8Array<ArrayBuffer>, memory = 1e6) =>
  readDataFile('x.npz', { files: memoryFiles({ 'x.npz': bytes }), memory });

async function columnsOf(dataset: AnyDataset | undefined) {
  if (dataset === undefined) return undefined;
  const { columns } = await residentRows(dataset);
  return Object.fromEntries(
    columns.map(({ name, dtype, rowShape, values }) => [
      name,
      { type: `${dtype}[${rowShape}]`, values: [...values] },
    ]),
  );
}

const whole = {
  x: { type: 'f32[2]', values: [0, 1, 2, 3, 4, 5] },
  y: { type: 'i32[]', values: [2, 0, 1] },
};

test('np.savez: its arrays are the columns', async () => {
  const { train, test: tested } = await read(archive);
  expect(await columnsOf(train)).toEqual(whole);
  expect(tested).toBeUndefined();
});

test('np.savez_compressed: x_train and x_test are two splits', async () => {
  const { train, test: tested } = await read(packedArchive);
  expect(await columnsOf(train)).toEqual(whole);
  expect(await columnsOf(tested)).toEqual({
    x: { type: 'f32[2]', values: [0, 1] },
    y: { type: 'i32[]', values: [5] },
  });
});

test('packed once more by gzip', async () => {
  expect(await columnsOf((await read(gzipped(archive))).train)).toEqual(whole);
});

test('arrays too large for memory stay in the archive, packed ones are refused', async () => {
  const { train } = await read(archive, 100);
  expect(train.columns.map(isStored)).toEqual([true, true]);
  expect(await columnsOf(train)).toEqual(whole);
  await expect(read(packedArchive, 100)).rejects.toThrow(
    'x.npz/x_train.npy: the arrays of this archive unpack to 576 bytes, more than are kept in memory',
  );
});

test('what we write is read, and what is no array is left out with a note', async () => {
  const parts = [
    { name: 'größe.npy', bytes: bytesOf(npyHeader('u8', [2]), [7, 9]) },
    { name: 'readme.txt', bytes: utf8('two numbers') },
  ];
  let at = 0;
  const pieces: Uint8Array[] = [];
  const entries = parts.map(({ name, bytes }) => {
    const entry = { name, size: bytes.length, checksum: crc32(bytes), header: at };
    const header = zipLocalHeader(name, entry.size, entry.checksum);
    pieces.push(header, bytes);
    at += header.length + bytes.length;
    return entry;
  });
  const { train } = await read(bytesOf(...pieces, zipDirectory(entries, at)));
  expect(await columnsOf(train)).toEqual({ größe: { type: 'u8[]', values: [7, 9] } });
  expect(train.notes).toEqual(['`readme.txt` in the archive is no array: left out']);
});
