/** Weights by name, checked against what the network has, then written to the device. */
import { bytesOf, elementsOf, typeText } from './arrays.ts';
import type { Gpu } from './gpu.ts';
import type { FileTensor } from './safetensors.ts';
import type { ElementType, TensorPlan, TensorPlans } from './types.ts';
import { writeBytes } from './write.ts';

/** Files hold numbers of 32 bits, which have room for every narrower type. */
const fileTypes: Readonly<Record<ElementType, 'F32' | 'I32' | 'U32'>> = {
  f32: 'F32',
  f16: 'F32',
  bf16: 'F32',
  i32: 'I32',
  i16: 'I32',
  u16: 'I32',
  i8: 'I32',
  u8: 'I32',
  u32: 'U32',
  bool: 'U32',
};

export function fileTypeOf({ dtype }: TensorPlan): 'F32' | 'I32' | 'U32' {
  return fileTypes[dtype];
}

/** Throws one error that lists all tensors that are missing or do not fit; what else is in the file does not matter. */
export function checkWeights(
  found: ReadonlyMap<string, FileTensor>,
  tensors: TensorPlans,
): ReadonlyMap<string, FileTensor> {
  const problems = Object.entries(tensors).flatMap(([name, tensor]) => {
    const file = found.get(name);
    const wanted = typeText({ dtype: tensor.dtype, shape: tensor.shape });
    if (file === undefined)
      return tensor.fill === undefined ? [`\`${name}\` ${wanted} is missing`] : [];
    const sameType = file.dtype === fileTypeOf(tensor);
    const sameShape = file.shape.join() === tensor.shape.join();
    if (sameType && sameShape && file.bytes.length === 4 * elementsOf(tensor)) return [];
    return [
      `\`${name}\` is ${file.dtype}[${file.shape.join(', ')}] in ${file.bytes.length} bytes; ` +
        `${wanted} is expected, as ${fileTypeOf(tensor)}`,
    ];
  });
  if (problems.length === 0) return found;
  const shown = problems.slice(0, 12);
  if (problems.length > 12) shown.push(`and ${problems.length - 12} more`);
  throw new Error(`these are not the weights of this network:\n  ${shown.join('\n  ')}`);
}

/** `narrow` makes numbers of 32 bits those of a narrower tensor. */
export function writeWeights(
  gpu: Gpu,
  found: ReadonlyMap<string, FileTensor>,
  tensors: TensorPlans,
  narrow: (tensor: TensorPlan, bytes: Uint8Array) => Uint8Array = (_, bytes) => bytes,
): void {
  for (const [name, tensor] of Object.entries(tensors)) {
    const file = found.get(name);
    if (file !== undefined) writeBytes(gpu, tensor, narrow(tensor, file.bytes));
    else if (tensor.fill !== undefined && tensor.fill !== 0) {
      const values = new Float32Array(bytesOf(tensor) / 4).fill(tensor.fill);
      writeBytes(gpu, tensor, new Uint8Array(values.buffer));
    }
  }
}
