/** Takes what outlives a step from the buffers of one session to those of another, on the device. */
import type { DeviceBuffer } from './buffers.ts';
import type { Plan, PlanTensor } from './plan.ts';
import { bytesOf, roundUp, WORD } from './storage.ts';

/** A session's tensors, and the buffers in which they lie now. */
export interface StatePlaces {
  readonly plan: Plan;
  bufferNow(tensor: PlanTensor): DeviceBuffer;
}

/** Every state that both have by name, role, type and shape, as it is after everything submitted so far. */
export function copyStates(device: GPUDevice, from: StatePlaces, to: StatePlaces): void {
  const sources = new Map(states(from.plan).map((tensor) => [keyOf(tensor), tensor]));
  const encoder = device.createCommandEncoder();
  for (const target of states(to.plan)) {
    const source = sources.get(keyOf(target));
    if (source === undefined) continue;
    encoder.copyBufferToBuffer(
      from.bufferNow(source).gpu,
      source.offset,
      to.bufferNow(target).gpu,
      target.offset,
      roundUp(bytesOf(target), WORD),
    );
  }
  device.queue.submit([encoder.finish()]);
}

const states = (plan: Plan): readonly PlanTensor[] =>
  plan.tensors.filter(({ role }) => role !== 'input' && role !== 'output');

const keyOf = ({ role, name, dtype, shape }: PlanTensor): string =>
  JSON.stringify([role, name, dtype, shape]);
