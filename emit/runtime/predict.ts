/** A prediction: inputs up, one run, outputs back. Calls may overlap. */
import { checkRunning, type Gpu } from './gpu.ts';
import { type Given, writeInputs } from './inputs.ts';
import type { Program } from './program.ts';
import { type ReadTensor, readTensors } from './read.ts';

export async function runPrediction(
  gpu: Gpu,
  { plan, encode }: Program,
  given: Given,
): Promise<Readonly<Record<string, ReadTensor>>> {
  checkRunning(gpu);
  writeInputs(gpu, plan.inputs, given);
  const encoder = gpu.device.createCommandEncoder();
  encode(encoder);
  return await readTensors(gpu, encoder, plan.outputs);
}
