/** What the API takes for the values of an input, by the input's element type: wrong ones are errors of the type checker. */
import type { StorageType } from '../../runtime/index.ts';

/** Numbers in as many lists as there are axes. */
export type NestedNumbers = readonly (number | boolean | NestedNumbers)[];

/** Numbers in row-major order with their shape. */
export interface ShapedNumbers {
  readonly shape: readonly number[];
  readonly data: NumberArray;
}

type Bytes = Uint8Array | Uint8ClampedArray;
type SmallIntegers = Bytes | Int8Array | Int16Array | Uint16Array;

export type NumberArray = SmallIntegers | Int32Array | Uint32Array | Float32Array | Float64Array;

/** Arrays whose every value the type can hold, or is checked to. */
interface Arrays {
  readonly f32: NumberArray;
  readonly f16: NumberArray;
  readonly bf16: NumberArray;
  readonly i32: SmallIntegers | Int32Array;
  readonly u32: Bytes | Uint16Array | Uint32Array;
  readonly i16: Bytes | Int8Array | Int16Array;
  readonly u16: Bytes | Uint16Array;
  readonly i8: Int8Array;
  readonly u8: Bytes;
  readonly bool: Bytes;
}

/** A tensor that belongs to no model: `tensor([[1, 2], [3, 4]])`. */
export interface ComputedNumbers {
  readonly shape: readonly unknown[];
  data(): NumberArray;
}

/** The values of one input, for all rows or for one: a flat array has the input's own shape. */
export type InputValues<T extends StorageType> =
  | Arrays[T]
  | NestedNumbers
  | ShapedNumbers
  | ComputedNumbers;
