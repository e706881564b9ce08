/** Tensors of fewer than 32 bits an element, which weights files hold as numbers of 32 bits. */
import { brainFloat, brainFloatBits, half, halfBits } from '../../compiler/graph/narrow-floats.ts';
import { arrays, bytesOf, elementsOf } from './arrays.ts';
import type { TensorPlan, TypedArray } from './types.ts';
import { fileTypeOf } from './weights.ts';

const bitsOf = { f16: halfBits, bf16: brainFloatBits } as const;
const numberOf = { f16: half, bf16: brainFloat } as const;

/** The bytes of a tensor from those in a file. */
export function narrow(tensor: TensorPlan, bytes: Uint8Array): Uint8Array {
  const { dtype } = tensor;
  const wide = fileArray(tensor, bytes.slice().buffer);
  if (bytesOf(tensor) === bytes.length) return bytes;
  const array = new arrays[dtype].create(new ArrayBuffer(bytesOf(tensor)), 0, elementsOf(tensor));
  for (const [index, value] of wide.entries())
    array[index] = dtype === 'f16' || dtype === 'bf16' ? bitsOf[dtype](value) : value;
  return new Uint8Array(array.buffer);
}

/** The bytes in a file from those of a tensor. */
export function widen(tensor: TensorPlan, array: TypedArray): Uint8Array {
  const { dtype } = tensor;
  const wide = fileArray(tensor, new ArrayBuffer(4 * elementsOf(tensor)));
  for (const [index, value] of array.entries())
    wide[index] = dtype === 'f16' || dtype === 'bf16' ? numberOf[dtype](value) : value;
  return new Uint8Array(wide.buffer);
}

function fileArray(tensor: TensorPlan, buffer: ArrayBuffer): TypedArray {
  const dtype = ({ F32: 'f32', I32: 'i32', U32: 'u32' } as const)[fileTypeOf(tensor)];
  return new arrays[dtype].create(buffer, 0, elementsOf(tensor));
}
