/** Tensors as typed arrays. */
import type { ElementType, TensorPlan, TypedArray } from './types.ts';

/** The array of each element type, and the names of the arrays that are taken for it. */
export const arrays: Readonly<
  Record<
    ElementType,
    {
      readonly create: new (buffer: ArrayBuffer, offset: number, length: number) => TypedArray;
      readonly taken: readonly string[];
    }
  >
> = {
  f32: { create: Float32Array, taken: ['Float32Array'] },
  f16: { create: Uint16Array, taken: ['Uint16Array', 'Float16Array'] },
  bf16: { create: Uint16Array, taken: ['Uint16Array'] },
  i32: { create: Int32Array, taken: ['Int32Array'] },
  u32: { create: Uint32Array, taken: ['Uint32Array'] },
  bool: { create: Uint32Array, taken: ['Uint32Array'] },
  i16: { create: Int16Array, taken: ['Int16Array'] },
  u16: { create: Uint16Array, taken: ['Uint16Array'] },
  i8: { create: Int8Array, taken: ['Int8Array'] },
  u8: { create: Uint8Array, taken: ['Uint8Array', 'Uint8ClampedArray'] },
};

export function elementsOf({ shape }: Pick<TensorPlan, 'shape'>): number {
  return shape.reduce((product, size) => product * size, 1);
}

export function bytesOf(tensor: TensorPlan): number {
  return (
    elementsOf(tensor) * new arrays[tensor.dtype].create(new ArrayBuffer(0), 0, 0).BYTES_PER_ELEMENT
  );
}

/** `f32[32, 784]`. */
export function typeText({ dtype, shape }: Pick<TensorPlan, 'dtype' | 'shape'>): string {
  return shape.length === 0 ? dtype : `${dtype}[${shape.join(', ')}]`;
}
