/**
 * Numbers as binary files write them (IDX, NPY) and what they become here: u8, i32 or f32. Narrow
 * integers widen, wide ones must fit, f16 is exact, f64 rounds to f32.
 */
import { DataError } from './data-error.ts';
import type { Column, ColumnValues } from './dataset.ts';
import { halfToNumber } from './half.ts';

export interface ElementType {
  /** As messages say it: `int64`. */
  readonly name: string;
  readonly bytes: number;
  readonly dtype: Column['dtype'];
  readonly littleEndian: boolean;
  readonly read: (view: DataView, at: number, littleEndian: boolean) => number;
  /** The largest distance from 0 that is read; wider integers may hold more. */
  readonly range?: readonly [least: number, most: number];
}

type Numeric = Omit<ElementType, 'littleEndian'>;

const i32Range = [-(2 ** 31), 2 ** 31 - 1] as const;

/** NumPy's letters: kind and bytes. */
export type NumericCode =
  | 'bool'
  | 'u1'
  | 'i1'
  | 'u2'
  | 'i2'
  | 'u4'
  | 'i4'
  | 'u8'
  | 'i8'
  | 'f2'
  | 'f4'
  | 'f8';

const numericTypes: Readonly<Record<NumericCode, Numeric>> = {
  bool: { name: 'bool', bytes: 1, dtype: 'u8', range: [0, 1], read: (v, at) => v.getUint8(at) },
  u1: { name: 'uint8', bytes: 1, dtype: 'u8', read: (v, at) => v.getUint8(at) },
  i1: { name: 'int8', bytes: 1, dtype: 'i32', read: (v, at) => v.getInt8(at) },
  u2: { name: 'uint16', bytes: 2, dtype: 'i32', read: (v, at, le) => v.getUint16(at, le) },
  i2: { name: 'int16', bytes: 2, dtype: 'i32', read: (v, at, le) => v.getInt16(at, le) },
  u4: {
    name: 'uint32',
    bytes: 4,
    dtype: 'i32',
    range: i32Range,
    read: (v, at, le) => v.getUint32(at, le),
  },
  i4: { name: 'int32', bytes: 4, dtype: 'i32', read: (v, at, le) => v.getInt32(at, le) },
  u8: {
    name: 'uint64',
    bytes: 8,
    dtype: 'i32',
    range: i32Range,
    read: (v, at, le) => Number(v.getBigUint64(at, le)),
  },
  i8: {
    name: 'int64',
    bytes: 8,
    dtype: 'i32',
    range: i32Range,
    read: (v, at, le) => Number(v.getBigInt64(at, le)),
  },
  f2: {
    name: 'float16',
    bytes: 2,
    dtype: 'f32',
    read: (v, at, le) => halfToNumber(v.getUint16(at, le)),
  },
  f4: { name: 'float32', bytes: 4, dtype: 'f32', read: (v, at, le) => v.getFloat32(at, le) },
  f8: { name: 'float64', bytes: 8, dtype: 'f32', read: (v, at, le) => v.getFloat64(at, le) },
};

export const isNumericCode = (code: string): code is NumericCode =>
  Object.hasOwn(numericTypes, code);

export function elementType(code: NumericCode, littleEndian: boolean): ElementType {
  return { ...numericTypes[code], littleEndian };
}

/**
 * The elements whose bytes are `bytes`. Shares memory where bytes and numbers are the same thing.
 * Throws a DataError that names the first value out of range, by its place in the array.
 */
export function decodeElements(
  type: ElementType,
  bytes: Uint8Array<ArrayBuffer>,
  subject: { readonly file: string; readonly first: number },
): ColumnValues {
  const count = bytes.length / type.bytes;
  if (type.name === 'uint8') return bytes;
  if (type.bytes === 4 && type.littleEndian && type.range === undefined) {
    const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
    const array = type.dtype === 'f32' ? Float32Array : Int32Array;
    return new array(aligned.buffer, aligned.byteOffset, count);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = allocate(type.dtype, count);
  const [least, most] = type.range ?? [-Infinity, Infinity];
  for (let at = 0; at < count; at++) {
    const value = type.read(view, at * type.bytes, type.littleEndian);
    if (value < least || value > most) throw outOfRange(type, value, at, subject);
    values[at] = value;
  }
  return values;
}

function outOfRange(
  { name, dtype }: ElementType,
  value: number,
  at: number,
  { file, first }: { readonly file: string; readonly first: number },
): DataError {
  const limit = name === 'bool' ? 'a bool is 0 or 1' : `${dtype} cannot hold it`;
  return new DataError(file, `element ${first + at} (${name}) is ${value}: ${limit}`);
}

/** An array for so many values of a column. */
export function allocate(dtype: Column['dtype'], length: number): ColumnValues {
  switch (dtype) {
    case 'u8':
      return new Uint8Array(length);
    case 'i32':
      return new Int32Array(length);
    case 'f32':
      return new Float32Array(length);
    default:
      return dtype satisfies never;
  }
}
