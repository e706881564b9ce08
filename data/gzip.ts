/** Unpacks .gz files with the platform's own DecompressionStream, which Node and browsers share. */
import { concatenate } from './concatenate.ts';
import { DataError, grouped } from './data-error.ts';

/** More than any data set we know, and less than what makes a machine swap. */
const defaultLimit = 2 ** 30;

/** Whether the bytes open with gzip's magic number, whatever the file is called. */
function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * The unpacked bytes; bytes that are not gzip come back as they are. Throws a DataError when the
 * packed data is cut short or damaged, or unpacks to more than `limit` bytes.
 */
export async function gunzip(
  bytes: Uint8Array<ArrayBuffer>,
  file: string,
  limit: number = defaultLimit,
): Promise<Uint8Array<ArrayBuffer>> {
  if (!isGzip(bytes)) return bytes;
  const reader = new Blob([bytes])
    .stream()
    .pipeThrough(new DecompressionStream('gzip'))
    .getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw damaged(file, bytes.length, cause);
    });
    if (done) break;
    parts.push(value);
    length += value.length;
    if (length > limit) {
      await reader.cancel().catch(() => undefined); // the error below says all there is to say
      throw new DataError(file, `unpacks to more than the ${grouped(limit)} bytes allowed here`);
    }
  }
  return concatenate(parts);
}

function damaged(file: string, length: number, cause: unknown): DataError {
  const reason = cause instanceof Error && cause.message !== '' ? ` (${cause.message})` : '';
  return new DataError(
    file,
    `the gzip data (${grouped(length)} bytes) is cut short or damaged${reason}`,
    'fetch the file again: the download may have been interrupted',
  );
}
