/** The network as a safetensors file. */
import { checkRunning, type Gpu } from './gpu.ts';
import { type ReadTensor, readTensors } from './read.ts';
import type { TensorPlan, TensorPlans } from './types.ts';
import { fileTypeOf } from './weights.ts';

/** All tensors as they are after everything submitted so far; `widen` makes numbers of 32 bits of narrower ones. */
export async function saveWeights(
  gpu: Gpu,
  tensors: TensorPlans,
  metadata: Readonly<Record<string, string>>,
  widen: (tensor: TensorPlan, array: ReadTensor) => Uint8Array = (_, array) =>
    new Uint8Array(array.buffer, 0, array.byteLength),
): Promise<Uint8Array<ArrayBuffer>> {
  checkRunning(gpu);
  const read = await readTensors(gpu, gpu.device.createCommandEncoder(), tensors);
  const parts = Object.entries(tensors).flatMap(([name, tensor]) => {
    const array = read[name];
    return array === undefined ? [] : [{ name, tensor, bytes: widen(tensor, array) }];
  });
  let length = 0;
  const entries = parts.map(({ name, tensor, bytes }) => {
    const offsets = [length, length + bytes.length];
    length += bytes.length;
    return [name, { dtype: fileTypeOf(tensor), shape: tensor.shape, data_offsets: offsets }];
  });
  const header = JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) });
  const json = new TextEncoder().encode(header);
  const start = 8 + Math.ceil(json.length / 8) * 8;
  const file = new Uint8Array(start + length).fill(0x20, 8, start);
  new DataView(file.buffer).setUint32(0, start - 8, true);
  file.set(json, 8);
  let end = start;
  for (const { bytes } of parts) {
    file.set(bytes, end);
    end += bytes.length;
  }
  return file;
}

/** The step that a file was saved at; 0 in a file of weights alone. */
export function savedStep(step: { readonly bytes: Uint8Array } | undefined): number {
  return step === undefined ? 0 : (new Float32Array(step.bytes.slice().buffer)[0] ?? 0);
}
