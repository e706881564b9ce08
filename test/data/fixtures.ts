/** Bytes and files made for the tests of the data side. */
import { gzipSync } from 'node:zlib';
import { type AnyDataset, type Dataset, isStored } from '../../data/dataset.ts';
import { bytesAsFile, type Files } from '../../data/files.ts';

/** All parts in one array. */
export function bytesOf(...parts: readonly Iterable<number>[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** An IDX file as its format says, true or not. */
export function idxFile(
  type: number,
  shape: readonly number[],
  values: Iterable<number>,
): Uint8Array<ArrayBuffer> {
  const sizes = new DataView(new ArrayBuffer(4 * shape.length));
  for (const [axis, size] of shape.entries()) sizes.setUint32(4 * axis, size);
  return bytesOf([0, 0, type, shape.length], new Uint8Array(sizes.buffer), values);
}

export function gzipped(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(gzipSync(bytes));
}

export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** A file system in memory: path to bytes. */
export function memoryFiles(contents: Readonly<Record<string, Uint8Array<ArrayBuffer>>>): Files {
  const inside = (folder: string): readonly string[] =>
    Object.keys(contents).filter((path) => path.startsWith(`${folder}/`));
  return {
    exists: async (path) => path in contents || inside(path).length > 0,
    open: async (path) => {
      const bytes = contents[path];
      if (bytes === undefined) throw new Error(`ENOENT: ${path}`);
      return bytesAsFile(bytes);
    },
    list: async (path) => {
      const paths = inside(path);
      if (paths.length === 0) return undefined;
      return [...new Set(paths.map((inner) => inner.slice(path.length + 1).split('/')[0] ?? ''))];
    },
  };
}

/** A data set whose columns are all in memory. */
export function inMemory(dataset: AnyDataset): Dataset {
  const columns = dataset.columns.map((column) => {
    if (isStored(column)) throw new Error(`${column.name} is not in memory`);
    return column;
  });
  return { ...dataset, columns };
}
