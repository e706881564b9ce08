/** Bytes on their way to the device. */
import { at, type Gpu } from './gpu.ts';
import type { TensorPlan } from './types.ts';

/** Behind everything submitted so far. The device counts in words of four bytes: what is missing to one is 0. */
export function writeBytes(gpu: Gpu, { buffer, offset }: TensorPlan, bytes: Uint8Array): void {
  let words = bytes;
  if (bytes.length % 4 !== 0) {
    words = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
    words.set(bytes);
  }
  gpu.device.queue.writeBuffer(
    at(gpu.buffers, buffer),
    offset,
    words.buffer,
    words.byteOffset,
    words.length,
  );
}
