/** Training: steps follow one another on the device, which is never waited for more than it takes to stay near it. */
import { at, checkRunning, type Gpu, waitFor } from './gpu.ts';
import { type Given, writeInputs } from './inputs.ts';
import type { Program } from './program.ts';

export interface Training {
  /** Steps so far. */
  step: number;
  /** Rows since the metrics were read. */
  rows: number;
  /** Submits that the device may not have finished. */
  readonly pending: Promise<void>[];
}

/** Two keep the device busy while a third is being made. */
const MOST_PENDING = 3;

/** Resolves when the next step may follow, not when this one is done. */
export async function runStep(
  gpu: Gpu,
  training: Training,
  { plan, encode }: Program,
  given: Given,
): Promise<void> {
  checkRunning(gpu);
  writeInputs(gpu, plan.inputs, given);
  const encoder = gpu.device.createCommandEncoder();
  encode(encoder);
  const { queue } = gpu.device;
  queue.submit([encoder.finish()]);
  training.step += 1;
  training.rows += plan.weight ?? plan.rows;
  const { pending } = training;
  // Whoever waits is told of a failure by the device's state.
  pending.push(
    queue.onSubmittedWorkDone().then(
      () => undefined,
      () => undefined,
    ),
  );
  if (pending.length > MOST_PENDING) await waitFor(gpu, at(pending.splice(0, 1), 0));
  checkRunning(gpu);
}
