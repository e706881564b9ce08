/**
 * Zip archives (PKWARE APPNOTE 6.3), as far as NumPy and Keras write them: one part, not encrypted,
 * entries stored or deflated, below 4 GiB. The directory at the end is what counts; what it says is
 * checked against the file before an entry is unpacked.
 */
import { crc32 } from './crc32.ts';
import { counted, DataError, grouped } from './data-error.ts';
import type { OpenFile } from './files.ts';
import { inflate } from './gzip.ts';

export interface ZipEntry {
  readonly name: string;
  readonly method: 'stored' | 'deflated';
  /** Where its bytes, packed or not, lie in the archive. */
  readonly from: number;
  readonly packed: number;
  /** Unpacked; promised, and held to. */
  readonly size: number;
  readonly checksum: number;
}

const localSignature = 0x04034b50;
const centralSignature = 0x02014b50;
const endSignature = 0x06054b50;
const endBytes = 22;
const longestComment = 0xffff;

/** Deflate cannot pack tighter: 258 bytes in two bits. */
const tightest = 1032;

export const looksLikeZip = ([p, k, three, four]: Uint8Array): boolean =>
  p === 0x50 && k === 0x4b && ((three === 3 && four === 4) || (three === 5 && four === 6));

/** The entries, in the order of the directory. Throws a DataError where directory and file disagree. */
export async function readZipDirectory(
  source: OpenFile,
  file: string,
): Promise<readonly ZipEntry[]> {
  const tailFrom = Math.max(0, source.size - endBytes - longestComment);
  const tail = await source.read(tailFrom, source.size - tailFrom);
  const view = viewOf(tail);
  const at = findEnd(view);
  if (at === undefined) {
    throw new DataError(
      file,
      `the zip archive (${grouped(source.size)} bytes) has no directory at its end`,
      'the file was cut short',
    );
  }
  const count = view.getUint16(at + 10, true);
  const length = view.getUint32(at + 12, true);
  const from = view.getUint32(at + 16, true);
  if (count === 0xffff || from === 0xffffffff) throw zip64(file);
  if (view.getUint16(at + 4, true) !== 0) {
    throw new DataError(file, 'this is one part of a zip archive of several');
  }
  if (from + length > tailFrom + at) {
    throw new DataError(
      file,
      `the zip directory is said to lie at bytes ${grouped(from)} to ${grouped(from + length)}, ` +
        `the file has ${grouped(tailFrom + at)} before its end mark`,
    );
  }
  const entries = readEntries(await source.read(from, length), count, file);
  const placed: ZipEntry[] = [];
  for (const entry of entries) placed.push(await place(entry, source, file, from));
  checkOverlap(placed, file);
  return placed;
}

function findEnd(view: DataView): number | undefined {
  for (let at = view.byteLength - endBytes; at >= 0; at--) {
    const fits = at + endBytes + view.getUint16(at + 20, true) === view.byteLength;
    if (fits && view.getUint32(at, true) === endSignature) return at;
  }
  return undefined;
}

function readEntries(bytes: Uint8Array<ArrayBuffer>, count: number, file: string): ZipEntry[] {
  const view = viewOf(bytes);
  const entries: ZipEntry[] = [];
  const names = new Set<string>();
  let at = 0;
  for (let number = 1; number <= count; number++) {
    const rest = bytes.length - at;
    const nameLength = rest < 46 ? 0 : view.getUint16(at + 28, true);
    const next =
      at +
      46 +
      nameLength +
      (rest < 46 ? 0 : view.getUint16(at + 30, true) + view.getUint16(at + 32, true));
    if (rest < 46 || view.getUint32(at, true) !== centralSignature || next > bytes.length) {
      throw new DataError(
        file,
        `the zip directory promises ${counted(count, 'file')}, but number ${number} is not there`,
      );
    }
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    if (names.has(name)) throw new DataError(file, `the archive has ${JSON.stringify(name)} twice`);
    names.add(name);
    entries.push(readEntry(view, at, name, file));
    at = next;
  }
  if (at < bytes.length) {
    throw new DataError(
      file,
      `the zip directory promises ${counted(count, 'file')}, but goes on for ${grouped(bytes.length - at)} bytes`,
    );
  }
  return entries;
}

function readEntry(view: DataView, at: number, name: string, file: string): ZipEntry {
  const said = `${JSON.stringify(name)} in the archive`;
  const method = view.getUint16(at + 10, true);
  if ((view.getUint16(at + 8, true) & 1) !== 0) throw new DataError(file, `${said} is encrypted`);
  if (method !== 0 && method !== 8) {
    throw new DataError(
      file,
      `${said} is packed by method ${method}; stored and deflated are read`,
    );
  }
  const packed = view.getUint32(at + 20, true);
  const size = view.getUint32(at + 24, true);
  const from = view.getUint32(at + 42, true);
  if ([packed, size, from].includes(0xffffffff)) throw zip64(file);
  if (method === 0 ? packed !== size : size > packed * tightest) {
    throw new DataError(
      file,
      `${said} is said to be ${grouped(size)} bytes out of ${grouped(packed)}, which is not possible`,
    );
  }
  const checksum = view.getUint32(at + 16, true);
  return { name, method: method === 0 ? 'stored' : 'deflated', from, packed, size, checksum };
}

/** The entry with the place of its bytes in place of that of its header. */
async function place(
  entry: ZipEntry,
  source: OpenFile,
  file: string,
  end: number,
): Promise<ZipEntry> {
  const said = `${JSON.stringify(entry.name)} in the archive`;
  const header = viewOf(await source.read(entry.from, 30));
  if (header.byteLength < 30 || header.getUint32(0, true) !== localSignature) {
    throw new DataError(
      file,
      `${said} does not begin at byte ${grouped(entry.from)}, as it should`,
    );
  }
  const from = entry.from + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  if (from + entry.packed > end) {
    throw new DataError(
      file,
      `${said} ends at byte ${grouped(from + entry.packed)}, but the directory begins at ${grouped(end)}`,
    );
  }
  return { ...entry, from };
}

/** Entries that share their bytes are how a small archive unpacks to anything. */
function checkOverlap(entries: readonly ZipEntry[], file: string): void {
  const ordered = [...entries].sort((a, b) => a.from - b.from);
  for (const [at, entry] of ordered.entries()) {
    const before = ordered[at - 1];
    if (before === undefined || before.from + before.packed <= entry.from) continue;
    throw new DataError(
      file,
      `${JSON.stringify(entry.name)} and ${JSON.stringify(before.name)} in the archive overlap`,
    );
  }
}

/** The bytes of an entry. Throws a DataError unless they are as long as promised and have the right checksum. */
export async function readZipEntry(
  source: OpenFile,
  entry: ZipEntry,
  file: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await source.read(entry.from, entry.packed);
  const part = `${file}/${entry.name}`;
  const unpacked =
    entry.method === 'stored'
      ? bytes
      : await inflate(bytes, part, { bytes: entry.size, reason: 'that the archive promises' });
  if (unpacked.length !== entry.size) {
    throw new DataError(
      part,
      `unpacks to ${grouped(unpacked.length)} bytes, not to the ${grouped(entry.size)} that the archive promises`,
    );
  }
  if (crc32(unpacked) !== entry.checksum) {
    throw new DataError(part, 'the data are damaged: their checksum is not the one in the archive');
  }
  return unpacked;
}

const zip64 = (file: string): DataError =>
  new DataError(
    file,
    'zip archives of 4 GiB and more are not read',
    'save the arrays as .npy files in one folder',
  );

const viewOf = (bytes: Uint8Array<ArrayBuffer>): DataView<ArrayBuffer> =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The header before an entry's bytes, which are stored as they are. */
export function zipLocalHeader(
  name: string,
  size: number,
  checksum: number,
): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(name);
  const bytes = new Uint8Array(30 + text.length);
  const view = viewOf(bytes);
  view.setUint32(0, localSignature, true);
  writeCommon(view, 4, { size, checksum, nameLength: text.length });
  bytes.set(text, 30);
  return bytes;
}

/** The directory of entries whose headers lie at these bytes, and the end of the archive. */
export function zipDirectory(
  entries: readonly {
    readonly name: string;
    readonly size: number;
    readonly checksum: number;
    readonly header: number;
  }[],
  start: number,
): Uint8Array<ArrayBuffer> {
  const names = entries.map(({ name }) => new TextEncoder().encode(name));
  const length = names.reduce((sum, name) => sum + 46 + name.length, 0);
  const bytes = new Uint8Array(length + endBytes);
  const view = viewOf(bytes);
  let at = 0;
  for (const [index, { size, checksum, header }] of entries.entries()) {
    const name = names[index] ?? new Uint8Array(0);
    view.setUint32(at, centralSignature, true);
    view.setUint16(at + 4, 20, true);
    writeCommon(view, at + 6, { size, checksum, nameLength: name.length });
    view.setUint32(at + 42, header, true);
    bytes.set(name, at + 46);
    at += 46 + name.length;
  }
  view.setUint32(at, endSignature, true);
  view.setUint16(at + 8, entries.length, true);
  view.setUint16(at + 10, entries.length, true);
  view.setUint32(at + 12, length, true);
  view.setUint32(at + 16, start, true);
  return bytes;
}

/** The fields that both kinds of headers have, from `version needed` on; dated 1 January 1980. */
function writeCommon(
  view: DataView,
  at: number,
  { size, checksum, nameLength }: { size: number; checksum: number; nameLength: number },
): void {
  view.setUint16(at, 20, true);
  view.setUint16(at + 2, 0x0800, true); // names are UTF-8
  view.setUint16(at + 8, 0x21, true);
  view.setUint32(at + 10, checksum, true);
  view.setUint32(at + 14, size, true);
  view.setUint32(at + 18, size, true);
  view.setUint16(at + 22, nameLength, true);
}
