/** Losses and metrics are summed on the device, and read only when somebody asks. */
import { checkRunning, type Gpu } from './gpu.ts';
import { readTensors } from './read.ts';
import type { Training } from './train.ts';
import type { TensorPlans } from './types.ts';
import { writeBytes } from './write.ts';

export type Means = Readonly<Record<string, number>>;

/** A function that gives the means over all rows since it was asked last; without a step between, what it gave then. */
export function createMetrics(
  gpu: Gpu,
  sums: TensorPlans,
  training: Training,
): () => Promise<Means> {
  let latest: Promise<Means> | undefined;
  return async () => {
    checkRunning(gpu);
    if (training.rows > 0) latest = readMeans(training.rows);
    training.rows = 0;
    if (latest === undefined) throw new Error('there is no loss yet: no step has been run');
    return await latest;
  };

  async function readMeans(rows: number): Promise<Means> {
    const reading = readTensors(gpu, gpu.device.createCommandEncoder(), sums);
    for (const sum of Object.values(sums)) writeBytes(gpu, sum, new Uint8Array(4));
    const means = Object.entries(await reading).map(([name, [sum = 0]]) => [name, sum / rows]);
    return Object.fromEntries(means);
  }
}
