/** Computed numbers as a program holds them: typed arrays by element type, and lists by axis. */
import type { NdArray } from '../compiler/graph/nd-array.ts';

type Nested<T> = T | Nested<T>[];
/** Numbers (or booleans) in as many lists as the tensor has axes. */
export type NestedArray = Nested<number | boolean>;
/** The array type of an element type: bools are 0 and 1 in a Uint8Array. */
export type TensorArray = Float32Array | Int32Array | Uint32Array | Uint8Array;

/** The elements in row-major order. */
export function typedArray({ dtype, data }: NdArray): TensorArray {
  switch (dtype) {
    case 'i32':
      return Int32Array.from(data);
    case 'u32':
      return Uint32Array.from(data);
    case 'bool':
      return Uint8Array.from(data);
    default:
      return Float32Array.from(data);
  }
}

/** The elements in lists; that of a scalar alone. */
export function nestedArray({ dtype, shape, data }: NdArray): NestedArray {
  const element = (i: number): number | boolean =>
    dtype === 'bool' ? data[i] === 1 : (data[i] ?? 0);
  const nested = (axis: number, start: number, step: number): NestedArray => {
    const size = shape[axis];
    if (size === undefined) return element(start);
    const inner = step / size;
    return Array.from({ length: size }, (_, i) => nested(axis + 1, start + i * inner, inner));
  };
  return nested(0, 0, data.length);
}
