/**
 * Decodes IDX, the format of the MNIST family (Y. LeCun, "The MNIST database"): big-endian, two
 * zero bytes, a type, the number of dimensions, their sizes, then the elements row-major.
 */
import { DataError, grouped } from './data-error.ts';
import type { Column, ColumnValues } from './dataset.ts';

/** An IDX file's array. */
export interface IdxArray {
  readonly dtype: Column['dtype'];
  readonly kind: Column['kind'];
  readonly shape: readonly number[];
  readonly values: ColumnValues;
}

interface ElementType {
  readonly bytes: number;
  readonly dtype: Column['dtype'];
  readonly read: (view: DataView<ArrayBuffer>, count: number) => ColumnValues;
}

/** The types that IDX knows, by their code; narrow integers widen, doubles round to f32. */
const elementTypes: ReadonlyMap<number, ElementType> = new Map<number, ElementType>([
  [0x08, { bytes: 1, dtype: 'u8', read: readBytes }],
  [0x09, { bytes: 1, dtype: 'i32', read: readInto(Int32Array, 1, (view, at) => view.getInt8(at)) }],
  [
    0x0b,
    { bytes: 2, dtype: 'i32', read: readInto(Int32Array, 2, (view, at) => view.getInt16(at)) },
  ],
  [
    0x0c,
    { bytes: 4, dtype: 'i32', read: readInto(Int32Array, 4, (view, at) => view.getInt32(at)) },
  ],
  [
    0x0d,
    { bytes: 4, dtype: 'f32', read: readInto(Float32Array, 4, (view, at) => view.getFloat32(at)) },
  ],
  [
    0x0e,
    { bytes: 8, dtype: 'f32', read: readInto(Float32Array, 8, (view, at) => view.getFloat64(at)) },
  ],
]);

/** WebGPU code meets at most a handful of dimensions; a larger count is a damaged header. */
const mostDimensions = 8;

/**
 * Decodes the (unpacked) bytes of an IDX file. The header is believed only when the file has exactly
 * the bytes that it promises; a DataError says what was promised and what was found. u8 values share
 * the memory of `bytes`.
 */
export function decodeIdx(bytes: Uint8Array<ArrayBuffer>, file: string): IdxArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4) {
    throw new DataError(file, `an IDX file opens with 4 bytes, this one has ${bytes.length}`);
  }
  const [zero = 0, alsoZero = 0, code = 0, dimensions = 0] = bytes;
  const type = elementTypes.get(code);
  if (zero !== 0 || alsoZero !== 0 || type === undefined) {
    throw new DataError(
      file,
      `no IDX file: it opens with ${hex(bytes.subarray(0, 4))}, not with 00 00, a type ` +
        '(08 09 0b 0c 0d 0e) and the number of dimensions',
    );
  }
  if (dimensions === 0 || dimensions > mostDimensions) {
    throw new DataError(
      file,
      `the header gives ${dimensions} dimensions; 1 to ${mostDimensions} are read`,
    );
  }
  const headerBytes = 4 + 4 * dimensions;
  if (bytes.length < headerBytes) {
    throw new DataError(
      file,
      `the header of ${dimensions} dimensions takes ${headerBytes} bytes, the file has ${bytes.length}`,
    );
  }
  const shape = Array.from({ length: dimensions }, (_, axis) => view.getUint32(4 + 4 * axis));
  const promised = shape.reduce((product, size) => product * size, 1);
  const total = headerBytes + promised * type.bytes;
  if (total !== bytes.length) {
    throw new DataError(
      file,
      `the header promises ${grouped(total)} bytes, the file has ${grouped(bytes.length)}`,
      `the header's sizes are ${shape.join(' x ')}; a shorter file is usually a broken download`,
    );
  }
  const body = new DataView(bytes.buffer, bytes.byteOffset + headerBytes, promised * type.bytes);
  const values = type.read(body, promised);
  return { dtype: type.dtype, kind: type.dtype === 'f32' ? 'float' : 'integer', shape, values };
}

function readBytes(view: DataView<ArrayBuffer>, count: number): ColumnValues {
  return new Uint8Array(view.buffer, view.byteOffset, count);
}

function readInto(
  values: Int32ArrayConstructor | Float32ArrayConstructor,
  bytes: number,
  get: (view: DataView, at: number) => number,
): (view: DataView<ArrayBuffer>, count: number) => ColumnValues {
  return (view, count) => {
    const array = new values(count);
    for (let at = 0; at < count; at++) array[at] = get(view, at * bytes);
    return array;
  };
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
