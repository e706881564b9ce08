/** Runs one program of a session: uploads batches, encodes their steps in one pass, submits, and keeps the pace. */
import type { DeviceGuard } from './device-guard.ts';
import type { Flight } from './flight.ts';
import type { Pace } from './pace.ts';
import type { PlanProgram } from './plan.ts';
import { encodeSteps, type Program } from './program.ts';
import type { Batch, Ring } from './ring.ts';

export interface Runner {
  readonly program: PlanProgram;
  /** How many batches the next `run` should get, so that a submit lasts as long as it should: 1 to the session's slots. */
  readonly steps: number;
  /**
   * Runs one step for each batch, at most as many as the session has slots. The data are copied
   * before `run` returns its promise, which resolves when the next `run` may follow (not when the
   * steps are done: `settle` or a read waits for that). Await it before the next call.
   * Throws SessionError for a batch that does not fit, and what the device has reported meanwhile.
   */
  run(batches: readonly Batch[]): Promise<void>;
}

export function createRunner(
  device: GPUDevice,
  guard: DeviceGuard,
  parts: {
    readonly program: Program;
    readonly ring: Ring;
    readonly pace: Pace;
    readonly flight: Flight;
  },
): Runner {
  const { program, ring, pace, flight } = parts;
  const slots: number[] = [];
  return {
    program: program.plan,
    get steps() {
      return pace.steps;
    },
    async run(batches) {
      guard.check();
      const count = batches.length;
      if (count === 0) return;
      ring.fill(batches, slots);
      const encoder = device.createCommandEncoder();
      encodeSteps(encoder, program, slots, count);
      device.queue.submit([encoder.finish()]);
      flight.add((milliseconds) => pace.record(count, milliseconds));
      await flight.room();
    },
  };
}
