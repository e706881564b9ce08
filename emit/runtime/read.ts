/** Tensors back from the device. */
import { arrays, bytesOf, elementsOf } from './arrays.ts';
import { at, type Gpu, usage, waitFor } from './gpu.ts';
import type { TensorPlan, TensorPlans, TypedArray } from './types.ts';

/** An array that knows its shape. */
export type ReadTensor = TypedArray & { readonly shape: readonly number[] };

/**
 * Submits what was encoded, and reads these tensors as they are then. Each has a staging buffer of its own, so that
 * calls may overlap.
 */
export async function readTensors(
  gpu: Gpu,
  encoder: GPUCommandEncoder,
  tensors: TensorPlans,
): Promise<Readonly<Record<string, ReadTensor>>> {
  const staged = Object.entries(tensors).map(([name, tensor]) => {
    const size = Math.ceil(bytesOf(tensor) / 4) * 4;
    const staging = gpu.device.createBuffer({ size, usage: usage.MAP_READ | usage.COPY_DST });
    encoder.copyBufferToBuffer(at(gpu.buffers, tensor.buffer), tensor.offset, staging, 0, size);
    return { name, tensor, staging };
  });
  gpu.device.queue.submit([encoder.finish()]);
  const read = staged.map(async ({ name, tensor, staging }) => {
    try {
      // 1: for reading.
      await waitFor(gpu, staging.mapAsync(1));
      return [name, asTensor(tensor, staging.getMappedRange().slice(0))] as const;
    } finally {
      staging.destroy();
    }
  });
  return Object.fromEntries(await Promise.all(read));
}

function asTensor(tensor: TensorPlan, bytes: ArrayBuffer): ReadTensor {
  const array = new arrays[tensor.dtype].create(bytes, 0, elementsOf(tensor));
  return Object.assign(array, { shape: tensor.shape });
}
