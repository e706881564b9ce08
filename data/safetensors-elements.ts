/**
 * The element types of safetensors files and what they become here. Multi-byte values are
 * little-endian.
 */
import { DataError } from './data-error.ts';
import { halfToNumber } from './half.ts';

export type TensorValues =
  | Float32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>;

/** A tensor of a file, row-major; booleans are u8 with 0 and 1. */
export interface StoredTensor {
  readonly dtype: 'f32' | 'i32' | 'u32' | 'u8';
  readonly shape: readonly number[];
  readonly values: TensorValues;
}

interface StoredType {
  readonly bytes: number;
  readonly dtype: StoredTensor['dtype'];
  /** Takes over `data` (aligned, of the right length); undefined when a value does not fit. */
  readonly read: (data: Uint8Array<ArrayBuffer>) => TensorValues | undefined;
}

// Typed arrays have the machine's byte order; WebGPU, and so all we run on, is little-endian.
const storedTypes: ReadonlyMap<string, StoredType> = new Map<string, StoredType>([
  ['F32', { bytes: 4, dtype: 'f32', read: (data) => new Float32Array(data.buffer) }],
  ['I32', { bytes: 4, dtype: 'i32', read: (data) => new Int32Array(data.buffer) }],
  ['U32', { bytes: 4, dtype: 'u32', read: (data) => new Uint32Array(data.buffer) }],
  ['U8', { bytes: 1, dtype: 'u8', read: (data) => data }],
  ['BOOL', { bytes: 1, dtype: 'u8', read: (data) => data }],
  ['F16', { bytes: 2, dtype: 'f32', read: (data) => Float32Array.from(words(data), halfToNumber) }],
  ['BF16', { bytes: 2, dtype: 'f32', read: readBrainFloats }],
  [
    'F64',
    { bytes: 8, dtype: 'f32', read: (data) => Float32Array.from(new Float64Array(data.buffer)) },
  ],
  ['I64', { bytes: 8, dtype: 'i32', read: readLongs }],
]);

/** The bytes of one element, or undefined for a type not known here. */
export function elementBytes(type: string): number | undefined {
  return storedTypes.get(type)?.bytes;
}

/** The types that can be read, for messages. */
export const readableTypes: string = [...storedTypes.keys()].join(', ');

/** The elements of the tensor `entry`, whose bytes are `data` with a buffer of its own. */
export function readElements(
  entry: { readonly name: string; readonly type: string },
  data: Uint8Array<ArrayBuffer>,
  file: string,
): { readonly dtype: StoredTensor['dtype']; readonly values: TensorValues } {
  const type = storedTypes.get(entry.type);
  const values = type?.read(data);
  if (type === undefined || values === undefined) {
    throw new DataError(file, `\`${entry.name}\` (${entry.type}) has a value that i32 cannot hold`);
  }
  return { dtype: type.dtype, values };
}

function words(data: Uint8Array<ArrayBuffer>): Uint16Array<ArrayBuffer> {
  return new Uint16Array(data.buffer);
}

/** bfloat16 is the upper half of an f32. */
function readBrainFloats(data: Uint8Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const bits = Uint32Array.from(words(data), (word) => word << 16);
  return new Float32Array(bits.buffer);
}

function readLongs(data: Uint8Array<ArrayBuffer>): Int32Array<ArrayBuffer> | undefined {
  const longs = new BigInt64Array(data.buffer);
  if (longs.some((value) => BigInt.asIntN(32, value) !== value)) return undefined;
  return Int32Array.from(longs, Number);
}
