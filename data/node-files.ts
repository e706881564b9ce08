/** Node only: the file access that `resolveDataset` asks for, from the real file system. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import { concatenate } from './concatenate.ts';
import { DataError, grouped } from './data-error.ts';
import { bytesAsFile, type Files, type OpenFile } from './files.ts';

/** The path that stands for standard input. */
export const STANDARD_INPUT = '-';

/** Files of the machine at hand; `-` is standard input. */
export const nodeFiles: Files = {
  exists: (path) =>
    path === STANDARD_INPUT
      ? Promise.resolve(true)
      : access(path).then(
          () => true,
          () => false,
        ),
  open: async (path, most) => {
    const descriptor = path === STANDARD_INPUT ? 0 : openSync(path, 'r');
    const status = fstatSync(descriptor);
    if (status.isFile()) return openPlain(descriptor, status.size);
    try {
      if (status.isDirectory()) throw new DataError(path, 'this is a folder, not a file');
      if (status.isCharacterDevice() && path !== STANDARD_INPUT)
        throw new DataError(path, 'this is a device, no file');
      return bytesAsFile(readToEnd(descriptor, path, most));
    } finally {
      if (path !== STANDARD_INPUT) closeSync(descriptor);
    }
  },
  list: (path) => readdir(path).catch(() => undefined),
};

/** Systems refuse reads of 2 GiB and more. */
const LARGEST_READ = 1 << 30;

/** Reads are synchronous: a row out of the system's cache takes microseconds, a thread's answer many times that. */
function openPlain(descriptor: number, size: number): OpenFile {
  return {
    size,
    async read(from, length) {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - from)));
      let filled = 0;
      while (filled < bytes.length) {
        const wanted = Math.min(bytes.length - filled, LARGEST_READ);
        const count = readSync(descriptor, bytes, filled, wanted, from + filled);
        if (count === 0) break;
        filled += count;
      }
      return bytes.subarray(0, filled);
    },
    close: () => closeSync(descriptor),
  };
}

const CHUNK = 1 << 16;

/** A pipe has no size: its bytes are kept, at most `most`. */
function readToEnd(descriptor: number, path: string, most: number): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const chunk = new Uint8Array(CHUNK);
    const count = readSome(descriptor, chunk);
    if (count === 0) return concatenate(parts);
    parts.push(chunk.subarray(0, count));
    length += count;
    if (length > most)
      throw new DataError(
        path === STANDARD_INPUT ? 'standard input' : path,
        `more than the ${grouped(most)} bytes that are kept in memory`,
        'put the data into a file: large files are read piece by piece',
      );
  }
}

function readSome(descriptor: number, chunk: Uint8Array): number {
  for (;;) {
    try {
      return readSync(descriptor, chunk, 0, chunk.length, null);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      // A terminal or pipe of another process may be non-blocking: nothing is there yet.
      if (code === 'EAGAIN') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      else if (code === 'EOF') return 0;
      else throw error;
    }
  }
}
