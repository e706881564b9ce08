/** Unpacks .gz files and deflated data with the platform's own DecompressionStream, which Node and browsers share. */
import { concatenate } from './concatenate.ts';
import { DataError, grouped } from './data-error.ts';

/** More than any data set we know, and less than what makes a machine swap. */
export const MOST_BYTES: number = 2 ** 30;

/** Whether the bytes open with gzip's magic number, whatever the file is called. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** What unpacked data may not be longer than, and why. */
export interface UnpackLimit {
  readonly bytes: number;
  /** Ends the sentence `unpacks to more than the 1,000 bytes …`. */
  readonly reason: string;
  readonly help?: string;
}

/** The limit of data whose size nothing tells. */
export const keptInMemory = (bytes: number): UnpackLimit => ({
  bytes,
  reason: 'that are kept in memory',
  help: 'unpack the file first (`gunzip FILE`): large files that are not packed are read piece by piece',
});

/**
 * The unpacked bytes; bytes that are not gzip come back as they are. Throws a DataError when the
 * packed data is cut short or damaged, or unpacks to more than the limit, as soon as that is seen.
 */
export async function gunzip(
  bytes: Uint8Array<ArrayBuffer>,
  file: string,
  limit: UnpackLimit = keptInMemory(MOST_BYTES),
): Promise<Uint8Array<ArrayBuffer>> {
  if (!isGzip(bytes)) return bytes;
  return await unpack(bytes, { file, format: 'gzip', limit });
}

/** The first bytes, at most `count` of them. */
export async function gunzipHead(
  bytes: Uint8Array<ArrayBuffer>,
  file: string,
  count: number,
): Promise<Uint8Array<ArrayBuffer>> {
  return await unpack(bytes, { file, format: 'gzip', head: count });
}

/** Bytes of a raw deflate stream (RFC 1951), as zip files have them. */
export async function inflate(
  bytes: Uint8Array<ArrayBuffer>,
  file: string,
  limit: UnpackLimit,
): Promise<Uint8Array<ArrayBuffer>> {
  return await unpack(bytes, { file, format: 'deflate-raw', limit });
}

interface Unpacking {
  readonly file: string;
  readonly format: 'gzip' | 'deflate-raw';
  readonly limit?: UnpackLimit;
  /** Stops, without a word, after so many bytes. */
  readonly head?: number;
}

async function unpack(
  bytes: Uint8Array<ArrayBuffer>,
  { file, format, limit, head }: Unpacking,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([bytes])
    .stream()
    .pipeThrough(new DecompressionStream(format))
    .getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw damaged(file, bytes.length, format, cause);
    });
    if (done) break;
    parts.push(value);
    length += value.length;
    const tooLong = limit !== undefined && length > limit.bytes;
    if (!tooLong && (head === undefined || length < head)) continue;
    await reader.cancel().catch(() => undefined); // what follows is not wanted, sound or not
    if (!tooLong) break;
    throw new DataError(
      file,
      `unpacks to more than the ${grouped(limit.bytes)} bytes ${limit.reason}`,
      limit.help,
    );
  }
  return concatenate(parts).subarray(0, head);
}

function damaged(file: string, length: number, format: string, cause: unknown): DataError {
  const reason = cause instanceof Error && cause.message !== '' ? ` (${cause.message})` : '';
  const name = format === 'gzip' ? 'gzip' : 'packed';
  return new DataError(
    file,
    `the ${name} data (${grouped(length)} bytes) is cut short or damaged${reason}`,
    'fetch the file again: the download may have been interrupted',
  );
}
