/** What the data side needs of a file system, so that it can be tested, and used, without one. */
import { crc32 } from './crc32.ts';

/** A file that is open for reading. */
export interface OpenFile {
  /** In bytes. */
  readonly size: number;
  /** The bytes from `from` on, `length` of them or as many as there are. */
  read(from: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
  close(): void;
}

/** Access to files by path; paths are joined with `/`. */
export interface Files {
  readonly exists: (path: string) => Promise<boolean>;
  /** `most`: the bytes that may be held of something that has no size of its own, such as a pipe. */
  readonly open: (path: string, most: number) => Promise<OpenFile>;
  /** The names in a folder; undefined when `path` is no folder. */
  readonly list: (path: string) => Promise<readonly string[] | undefined>;
}

/** Bytes in memory, seen as a file. */
export function bytesAsFile(bytes: Uint8Array<ArrayBuffer>): OpenFile {
  return {
    size: bytes.length,
    read: async (from, length) => bytes.subarray(from, from + length),
    close: () => undefined,
  };
}

/** So many bytes of either end are part of a file's mark. */
const MARKED = 1 << 16;

/** Tells a file from another one, or from an earlier version of itself, most of the time. */
export async function markOf(file: OpenFile): Promise<string> {
  const head = await file.read(0, MARKED);
  const tail = await file.read(Math.max(0, file.size - MARKED), MARKED);
  return `${file.size} bytes ${crc32(tail, crc32(head)).toString(16)}`;
}
