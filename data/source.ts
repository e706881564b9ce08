/** A data file that is open, packed or not: its first bytes say what it is before the others are read. */
import { DataError, grouped } from './data-error.ts';
import type { Files, OpenFile } from './files.ts';
import { gunzip, gunzipHead, isGzip, keptInMemory } from './gzip.ts';

export interface Source {
  readonly file: string;
  /** The first bytes, unpacked: all of a short file. */
  readonly head: Uint8Array<ArrayBuffer>;
  /** Unpacked; undefined where only unpacking tells. */
  readonly size: number | undefined;
  /** For reading at any place; absent where the file is packed. */
  readonly plain: OpenFile | undefined;
  /**
   * All bytes, unpacked. Throws a DataError for more than are kept in memory, or, where a header
   * promises so many, for more than that.
   */
  bytes(promised?: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** Enough for every header that is looked at, and for a few lines of a table. */
const HEAD_BYTES = 1 << 16;

/** `memory`: the bytes that may be kept. Throws a DataError for a file that cannot be read. */
export async function openSource(file: string, files: Files, memory: number): Promise<Source> {
  const plain = await orDataError(file, () => files.open(file, memory));
  const read = (from: number, length: number) => orDataError(file, () => plain.read(from, length));
  const all = async (): Promise<Uint8Array<ArrayBuffer>> => {
    if (plain.size <= memory) return await read(0, plain.size);
    throw new DataError(
      file,
      `its ${grouped(plain.size)} bytes are more than the ${grouped(memory)} that are kept in memory`,
      'IDX, NPY, CSV and text files are read piece by piece; or raise NNC_MEMORY',
    );
  };
  const first = await read(0, HEAD_BYTES);
  if (!isGzip(first)) return { file, head: first, size: plain.size, plain, bytes: all };
  const packed = await all();
  return {
    file,
    head: await gunzipHead(packed, file, HEAD_BYTES),
    size: undefined,
    plain: undefined,
    bytes: (promised) =>
      promised === undefined || promised > memory
        ? gunzip(packed, file, keptInMemory(memory))
        : gunzip(packed, file, { bytes: promised, reason: 'that its header promises' }),
  };
}

async function orDataError<T>(file: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DataError(file, `the file cannot be read: ${reason}`);
  }
}
