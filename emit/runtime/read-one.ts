/** One tensor of the network by its name. */
import { checkRunning, type Gpu } from './gpu.ts';
import { type ReadTensor, readTensors } from './read.ts';
import type { TensorPlans } from './types.ts';

export async function readOne(gpu: Gpu, tensors: TensorPlans, name: string): Promise<ReadTensor> {
  checkRunning(gpu);
  const tensor = Object.hasOwn(tensors, name) ? tensors[name] : undefined;
  if (tensor === undefined)
    throw new Error(`there is no \`${name}\`; there are ${Object.keys(tensors).join(', ')}`);
  const read = await readTensors(gpu, gpu.device.createCommandEncoder(), { [name]: tensor });
  return read[name] as ReadTensor;
}
