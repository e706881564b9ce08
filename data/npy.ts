/**
 * NPY, NumPy's file of one array (numpy.lib.format): a magic word, a version, and a header that is
 * the text of a Python dictionary. The text is read by a small grammar of its own, never evaluated.
 */
import { type ArrayLayout, MOST_DIMENSIONS } from './array-layout.ts';
import { DataError, grouped } from './data-error.ts';
import { type ElementType, elementType, isNumericCode } from './element-type.ts';

const magic: readonly number[] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY

/** Plain arrays need some 100 bytes; NumPy itself refuses more than 10,000. */
const longestHeader = 10_000;

/** So many first bytes of a file hold every header that is read. */
export const NPY_HEADER_BYTES: number = 12 + longestHeader;

export const looksLikeNpy = (bytes: Uint8Array): boolean =>
  magic.every((byte, at) => bytes[at] === byte);

/** The header, out of the file's first bytes; `size` is that of the whole file. */
export function readNpyHeader(
  bytes: Uint8Array<ArrayBuffer>,
  size: number,
  file: string,
): ArrayLayout {
  if (!looksLikeNpy(bytes))
    throw new DataError(file, 'no NPY file: it does not open with \\x93NUMPY');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes[6] ?? 0;
  const lengthAt = version === 1 ? 10 : 12;
  if (bytes.length < lengthAt) {
    throw new DataError(
      file,
      `the header begins at byte ${lengthAt}, the file has ${grouped(size)}`,
    );
  }
  if (version < 1 || version > 3) {
    throw new DataError(file, `NPY version ${version}.${bytes[7]} is not known; 1 to 3 are read`);
  }
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > longestHeader) {
    throw new DataError(
      file,
      `the header claims ${grouped(length)} bytes, more than the ${grouped(longestHeader)} allowed`,
    );
  }
  if (lengthAt + length > bytes.length) {
    throw new DataError(
      file,
      `the header claims ${grouped(length)} bytes, after its length the file has ` +
        grouped(size - lengthAt),
      'the file was cut short',
    );
  }
  const text = new TextDecoder().decode(bytes.subarray(lengthAt, lengthAt + length));
  return { ...readDictionary(text, file), start: lengthAt + length };
}

const entry =
  /\s*'(\w+)'\s*:\s*(?:'([^'\\]*)'|(True|False)|\(((?:\s*\d+L?\s*,)*\s*(?:\d+L?\s*)?)\)|(\[[^\]]*\]))\s*(?:,|(?=\}))/y;

/** `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }` */
function readDictionary(text: string, file: string): Omit<ArrayLayout, 'start'> {
  const source = text.trim();
  let element: ElementType | undefined;
  let columnMajor: boolean | undefined;
  let shape: readonly number[] | undefined;
  entry.lastIndex = 1;
  while (source.startsWith('{')) {
    const at = entry.lastIndex;
    const found = entry.exec(source);
    if (found === null) {
      entry.lastIndex = at;
      break;
    }
    const [, key, word, truth, sizes, list] = found;
    const isNew = (value: unknown): boolean => value === undefined;
    if (key === 'descr' && list !== undefined) throw structured(file);
    if (key === 'descr' && word !== undefined && isNew(element)) element = readType(word, file);
    else if (key === 'fortran_order' && truth !== undefined && isNew(columnMajor))
      columnMajor = truth === 'True';
    else if (key === 'shape' && sizes !== undefined && isNew(shape)) shape = readShape(sizes, file);
    else throw malformed(source, file);
  }
  const rest = source.slice(entry.lastIndex).trim();
  if (rest !== '}' || element === undefined || columnMajor === undefined || shape === undefined)
    throw malformed(source, file);
  return { element, columnMajor, shape };
}

function readType(descr: string, file: string): ElementType {
  const [, order = '', letter = '', bytes = ''] = /^([<>|=]?)([a-zA-Z?])(\d*)$/.exec(descr) ?? [];
  const code = letter === '?' || `${letter}${bytes}` === 'b1' ? 'bool' : `${letter}${bytes}`;
  if (isNumericCode(code)) return elementType(code, order !== '>');
  const known = 'u1 i1 u2 i2 u4 i4 u8 i8 f2 f4 f8 and bool are read';
  throw new DataError(
    file,
    `elements of type ${JSON.stringify(descr)} are no plain numbers`,
    letter === 'O' ? `Python objects are never loaded; ${known}` : known,
  );
}

function readShape(text: string, file: string): readonly number[] {
  const sizes = [...text.matchAll(/\d+/g)].map(([digits]) => Number(digits));
  if (sizes.length > MOST_DIMENSIONS) {
    throw new DataError(
      file,
      `the header gives ${sizes.length} dimensions; up to ${MOST_DIMENSIONS} are read`,
    );
  }
  const large = sizes.find((size) => !Number.isSafeInteger(size));
  if (large !== undefined) throw new DataError(file, `the header gives a size of ${large}`);
  return sizes;
}

const structured = (file: string): DataError =>
  new DataError(
    file,
    'an array of structures, not of plain numbers',
    'save its fields as arrays of their own: `np.savez(file, x=a["x"], y=a["y"])`',
  );

const malformed = (text: string, file: string): DataError =>
  new DataError(
    file,
    `the header is not {'descr': '…', 'fortran_order': …, 'shape': (…), }: ${JSON.stringify(clip(text))}`,
  );

const clip = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

/** What can be written. */
export type WrittenType = 'f32' | 'i32' | 'u32' | 'u8' | 'bool';

const written: Readonly<Record<WrittenType, string>> = {
  f32: '<f4',
  i32: '<i4',
  u32: '<u4',
  u8: '|u1',
  bool: '|b1',
};

/** The bytes before the elements of an NPY file (version 1.0), a multiple of 64 as NumPy has it. */
export function npyHeader(dtype: WrittenType, shape: readonly number[]): Uint8Array<ArrayBuffer> {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${written[dtype]}', 'fortran_order': False, 'shape': (${sizes}), }`;
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10;
  const header = new TextEncoder().encode(`${text.padEnd(length - 1)}\n`);
  const bytes = new Uint8Array(10 + length);
  bytes.set([...magic, 1, 0]);
  new DataView(bytes.buffer).setUint16(8, length, true);
  bytes.set(header, 10);
  return bytes;
}
