/**
 * IDX, the format of the MNIST family (Y. LeCun, "The MNIST database"): big-endian, two zero
 * bytes, a type, the number of dimensions, their sizes, then the elements row-major.
 */
import { type ArrayLayout, checkLength, decodeArray, MOST_DIMENSIONS } from './array-layout.ts';
import { DataError } from './data-error.ts';
import type { Column, ColumnValues } from './dataset.ts';
import { elementType, type NumericCode } from './element-type.ts';

/** An IDX file's array. */
export interface IdxArray {
  readonly dtype: Column['dtype'];
  readonly kind: Column['kind'];
  readonly shape: readonly number[];
  readonly values: ColumnValues;
}

/** The types that IDX knows, by their code. */
const codes: ReadonlyMap<number, NumericCode> = new Map<number, NumericCode>([
  [0x08, 'u1'],
  [0x09, 'i1'],
  [0x0b, 'i2'],
  [0x0c, 'i4'],
  [0x0d, 'f4'],
  [0x0e, 'f8'],
]);

/** The bytes of the longest header. */
export const IDX_HEADER_BYTES: number = 4 + 4 * MOST_DIMENSIONS;

/** Whether a file that begins with these bytes says that it is IDX. */
export const looksLikeIdx = ([zero, alsoZero, code = 0]: Uint8Array): boolean =>
  zero === 0 && alsoZero === 0 && codes.has(code);

/**
 * Decodes the (unpacked) bytes of an IDX file. The header is believed only when the file has exactly
 * the bytes that it promises; a DataError says what was promised and what was found. u8 values share
 * the memory of `bytes`.
 */
export function decodeIdx(bytes: Uint8Array<ArrayBuffer>, file: string): IdxArray {
  const layout = readIdxHeader(bytes, bytes.length, file);
  checkLength(layout, bytes.length, file);
  const { dtype } = layout.element;
  const values = decodeArray(layout, bytes.subarray(layout.start), file);
  return { dtype, kind: dtype === 'f32' ? 'float' : 'integer', shape: layout.shape, values };
}

/** The header, out of the file's first bytes; `size` is that of the whole file. */
export function readIdxHeader(
  bytes: Uint8Array<ArrayBuffer>,
  size: number,
  file: string,
): ArrayLayout {
  if (bytes.length < 4) {
    throw new DataError(file, `an IDX file opens with 4 bytes, this one has ${bytes.length}`);
  }
  const [zero = 0, alsoZero = 0, type = 0, dimensions = 0] = bytes;
  const code = codes.get(type);
  if (zero !== 0 || alsoZero !== 0 || code === undefined) {
    throw new DataError(
      file,
      `no IDX file: it opens with ${hex(bytes.subarray(0, 4))}, not with 00 00, a type ` +
        '(08 09 0b 0c 0d 0e) and the number of dimensions',
    );
  }
  if (dimensions === 0 || dimensions > MOST_DIMENSIONS) {
    throw new DataError(
      file,
      `the header gives ${dimensions} dimensions; 1 to ${MOST_DIMENSIONS} are read`,
    );
  }
  const start = 4 + 4 * dimensions;
  if (bytes.length < start) {
    throw new DataError(
      file,
      `the header of ${dimensions} dimensions takes ${start} bytes, the file has ${size}`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: dimensions }, (_, axis) => view.getUint32(4 + 4 * axis));
  return { element: elementType(code, false), shape, start, columnMajor: false };
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
