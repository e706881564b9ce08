/**
 * The header of a safetensors file, checked: nothing in it is believed, or leads to an
 * allocation, before it has been compared with the file's size.
 */
import { clipped, counted, DataError, grouped, ticked } from './data-error.ts';
import { duplicateKey } from './json-keys.ts';
import { opening } from './opening.ts';
import { elementBytes, readableTypes } from './safetensors-elements.ts';

/** One tensor as the header describes it; offsets are bytes from the end of the header. */
export interface TensorEntry {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  /** In the order of their offsets. */
  readonly entries: readonly TensorEntry[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Where the tensors' bytes begin in the file. */
  readonly dataStart: number;
}

/** The bound of the reference implementation. */
const longestHeader = 100_000_000;

/** Reads and checks the header; every disagreement is a DataError. */
export function parseHeader(bytes: Uint8Array<ArrayBuffer>, file: string): SafetensorsHeader {
  const text = headerText(bytes, file);
  const dataStart = 8 + text.length;
  const { header, metadata } = parseJson(text, file);
  const entries = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, value]) => readEntry(name, value, file))
    .sort((left, right) => left.begin - right.begin || left.end - right.end);
  checkCoverage(entries, bytes.length - dataStart, file);
  return { entries, metadata, dataStart };
}

function headerText(bytes: Uint8Array<ArrayBuffer>, file: string): Uint8Array {
  if (bytes.length < 8) {
    throw new DataError(
      file,
      `a safetensors file opens with 8 bytes, this one has ${bytes.length}`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const claimed = view.getBigUint64(0, true);
  const length = Number(claimed);
  // Lengths that are none are mostly the first letters of something else.
  if (length > bytes.length - 8 && bytes[8] !== 0x7b) {
    throw new DataError(
      file,
      `no safetensors file: it opens with ${opening(bytes)}, not with the length of a header`,
    );
  }
  if (length > longestHeader) {
    throw new DataError(
      file,
      `the header claims ${grouped(claimed)} bytes, more than the ${grouped(longestHeader)} allowed`,
      'this may be no safetensors file',
    );
  }
  if (length > bytes.length - 8) {
    throw new DataError(
      file,
      `the header claims ${counted(length, 'byte')}, after its length the file has ` +
        `${grouped(bytes.length - 8)}`,
      'the file was cut short, or is no safetensors file',
    );
  }
  return bytes.subarray(8, 8 + length);
}

function parseJson(
  bytes: Uint8Array,
  file: string,
): { header: Readonly<Record<string, unknown>>; metadata: Readonly<Record<string, string>> } {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new DataError(file, 'the header is no UTF-8 text');
  }
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DataError(file, `the header is no JSON: ${reason}`);
  }
  if (!isRecord(header)) throw new DataError(file, 'the header is no JSON object');
  const twice = duplicateKey(text);
  if (twice !== undefined) throw new DataError(file, `the header has ${ticked(twice)} twice`);
  const metadata = header['__metadata__'] ?? {};
  if (!isRecord(metadata) || !isTexts(metadata)) {
    throw new DataError(file, "the header's `__metadata__` is not an object of texts");
  }
  return { header, metadata };
}

function readEntry(name: string, value: unknown, file: string): TensorEntry {
  const said = ticked(name);
  if (!isRecord(value)) throw new DataError(file, `${said} is not described by an object`);
  const { dtype: type, shape, data_offsets: offsets } = value;
  if (typeof type !== 'string')
    throw new DataError(file, `${said} ${having('dtype', type)}; a text is expected`);
  if (!isSizes(shape))
    throw new DataError(file, `${said} ${having('shape', shape)}; ${wholes} are expected`);
  if (!isSizes(offsets) || offsets.length !== 2)
    throw new DataError(
      file,
      `${said} ${having('data_offsets', offsets)}; two ${wholes} are expected`,
    );
  const size = elementBytes(type);
  if (size === undefined) {
    throw new DataError(file, `${said} has dtype ${clipped(type)}; ${readableTypes} are read`);
  }
  const [begin = 0, end = 0] = offsets;
  // Sizes beyond every number times 0 would be no number at all.
  const wanted = shape.includes(0) ? 0 : shape.reduce((product, one) => product * one, size);
  if (end - begin !== wanted) {
    throw new DataError(
      file,
      `${said} is ${type}[${clipped(shape.join(', '))}], ${counted(wanted, 'byte')}, but its offsets ` +
        `${begin} to ${end} hold ${grouped(end - begin)}`,
    );
  }
  return { name, type, shape, begin, end };
}

/** The format wants the bytes covered from first to last, each by one tensor. */
function checkCoverage(entries: readonly TensorEntry[], available: number, file: string): void {
  let covered = 0;
  let before = 'the header';
  for (const { name, begin, end } of entries) {
    const said = ticked(name);
    if (end > available) {
      throw new DataError(
        file,
        `${said} ends at byte ${grouped(end)}, the file has ${grouped(available)} after its header`,
        'the file may have been cut short',
      );
    }
    if (begin < covered) {
      throw new DataError(file, `the bytes of ${said} overlap those of ${before}`);
    }
    if (begin > covered) {
      throw new DataError(
        file,
        `${counted(begin - covered, 'byte')} between ${before} and ${said} belong to no tensor`,
      );
    }
    covered = end;
    before = said;
  }
  if (covered < available) {
    throw new DataError(
      file,
      `${counted(available - covered, 'byte')} after ${before} belong to no tensor`,
    );
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: Readonly<Record<string, unknown>>): value is Record<string, string> {
  return Object.values(value).every((item) => typeof item === 'string');
}

const wholes = 'whole numbers from 0 on';

/** `has the shape [1.5]`, `has no shape`. */
function having(key: string, value: unknown): string {
  if (value === undefined) return `has no ${key}`;
  const isPlain = (one: unknown): boolean => typeof one !== 'object' || one === null;
  if (isPlain(value)) return `has the ${key} ${clipped(String(value))}`;
  if (!Array.isArray(value) || !value.every(isPlain)) return `has a ${key} of lists or objects`;
  return `has the ${key} [${clipped(value.join(', '))}]`;
}

function isSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}
