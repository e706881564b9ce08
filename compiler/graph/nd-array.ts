/** Values of the reference interpreter: row-major f64, whatever the dtype (integers and bools are exact in f64). */
import type { DType } from './dtype.ts';

/** Values in row-major order; all dtypes as f64. */
export interface NdArray {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

export const elementCount = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Row-major strides in elements. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides: number[] = new Array<number>(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = step;
    step *= shape[i] ?? 1;
  }
  return strides;
}

export function ndArray(dtype: DType, shape: readonly number[], data?: ArrayLike<number>): NdArray {
  return {
    dtype,
    shape,
    data: data === undefined ? new Float64Array(elementCount(shape)) : Float64Array.from(data),
  };
}
