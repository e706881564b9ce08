/**
 * The upload ring of one program's inputs. Each step of a submit has a slot of its own, so that all
 * its batches can be uploaded before the first step runs; the queue keeps uploads of the next
 * submit behind the steps of this one.
 */
import type { DeviceBuffer } from './buffers.ts';
import { SessionError } from './errors.ts';
import type { PlanTensor } from './plan.ts';
import { bytesOf, mismatch } from './storage.ts';

/** Data for every input of a program by name; null runs the step on the data of the step before it. */
export type Batch = Readonly<Record<string, ArrayBufferView>> | null;

export interface Ring {
  /** Uploads each batch to a slot and writes the slots into `into`. Throws before the first upload if a batch does not fit. */
  fill(batches: readonly Batch[], into: number[]): void;
  /** Bytes that a batch has. */
  readonly batchBytes: number;
}

/** Which program wrote a slot last, for each input buffer: programs may share one. */
export type SlotOwners = Map<DeviceBuffer, (string | undefined)[]>;

export interface RingInput {
  readonly tensor: PlanTensor;
  readonly buffer: DeviceBuffer;
}

export function createRing(
  program: string,
  inputs: readonly RingInput[],
  slots: number,
  owners: SlotOwners,
  upload: (buffer: GPUBuffer, offset: number, data: ArrayBufferView) => void,
): Ring {
  let current = slots - 1;
  let filled = false;
  for (const { buffer } of inputs) if (!owners.has(buffer)) owners.set(buffer, []);

  return {
    batchBytes: inputs.reduce((sum, { tensor }) => sum + bytesOf(tensor), 0),
    fill(batches, into) {
      const given = batches.reduce((count, batch) => count + (batch === null ? 0 : 1), 0);
      if (given > slots) {
        throw new SessionError(`${given} batches in one run; this session has ${slots} slots`);
      }
      for (const batch of batches) if (batch !== null) check(batch);
      if (batches[0] === null && inputs.length > 0) checkKept();
      for (const [step, batch] of batches.entries()) {
        if (batch !== null) {
          current = (current + 1) % slots;
          write(batch, current);
        }
        into[step] = current;
      }
    },
  };

  function check(batch: NonNullable<Batch>): void {
    for (const { tensor } of inputs) {
      const data = batch[tensor.name];
      const problem =
        data === undefined ? `the batch has no \`${tensor.name}\`` : mismatch(tensor, data);
      if (problem !== undefined) throw new SessionError(`${program}: ${problem}`);
    }
  }

  function write(batch: NonNullable<Batch>, slot: number): void {
    for (const { tensor, buffer } of inputs) {
      const data = batch[tensor.name];
      if (data === undefined) continue;
      upload(buffer.gpu, slot * buffer.stride + tensor.offset, data);
      const ownersOfSlots = owners.get(buffer);
      if (ownersOfSlots !== undefined) ownersOfSlots[slot] = program;
    }
    filled = true;
  }

  function checkKept(): void {
    if (!filled) throw new SessionError(`${program}: the first step needs a batch`);
    if (inputs.some(({ buffer }) => owners.get(buffer)?.[current] !== program)) {
      throw new SessionError(
        `${program}: another program has overwritten the last batch; give it again`,
      );
    }
  }
}
