/** All bytes of a file, if there are not too many: a file may have been given by mistake, and a device has no end. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Systems refuse reads of 2 GiB and more. */
const LARGEST_READ = 2 ** 30;
const CHUNK = 2 ** 16;

/** Undefined where there are more than `most`, which are then not read. Throws what the system says. */
export function readAtMost(file: string, most: number): Uint8Array<ArrayBuffer> | undefined {
  const descriptor = openSync(file, 'r');
  try {
    const status = fstatSync(descriptor);
    if (status.isCharacterDevice()) throw new Error('it is a device, not a file');
    // Pipes have no size, nor have the files in which a system tells of itself.
    if (!status.isFile() || status.size === 0) return readToEnd(descriptor, most);
    if (status.size > most) return undefined;
    const bytes = new Uint8Array(status.size);
    let filled = 0;
    for (let count = -1; count !== 0 && filled < bytes.length; filled += count) {
      const wanted = Math.min(bytes.length - filled, LARGEST_READ);
      count = readSync(descriptor, bytes, filled, wanted, null);
    }
    return bytes.subarray(0, filled);
  } finally {
    closeSync(descriptor);
  }
}

function readToEnd(descriptor: number, most: number): Uint8Array<ArrayBuffer> | undefined {
  const parts: Uint8Array[] = [];
  for (let length = 0; length <= most; ) {
    const chunk = new Uint8Array(CHUNK);
    const count = readSync(descriptor, chunk, 0, CHUNK, null);
    if (count === 0) return new Uint8Array(Buffer.concat(parts));
    parts.push(chunk.subarray(0, count));
    length += count;
  }
  return undefined;
}
