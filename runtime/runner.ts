/** Runs one program of a session: uploads batches, encodes their steps in one pass, submits, and keeps the pace. */
import type { DeviceGuard } from './device-guard.ts';
import type { Flight } from './flight.ts';
import type { Pace } from './pace.ts';
import type { PlanProgram } from './plan.ts';
import { encodeSteps, type Program } from './program.ts';
import type { Batch, Ring } from './ring.ts';
import { noStatistics, type RunStatistics } from './statistics.ts';
import type { Timestamps } from './timestamps.ts';

/** A program of the plan, ready to run. */
export interface Runner {
  readonly program: PlanProgram;
  /** How many batches the next `run` should get, so that a submit lasts as long as it should: 1 to the session's slots. */
  readonly steps: number;
  /** The same where all but the first may be null: as many as the pace wants. */
  readonly repeats: number;
  /**
   * Runs one step for each batch; of those that are not null, at most as many as the session has slots. The data are copied
   * before `run` returns its promise, which resolves when the next `run` may follow (not when the
   * steps are done: `settle` or a read waits for that). Await it before the next call.
   * Throws SessionError for a batch that does not fit, and what the device has reported meanwhile.
   */
  run(batches: readonly Batch[]): Promise<void>;
  /** What its steps have cost so far. */
  statistics(): RunStatistics;
}

export function createRunner(
  device: GPUDevice,
  guard: DeviceGuard,
  parts: {
    readonly program: Program;
    readonly ring: Ring;
    readonly slots: number;
    readonly pace: Pace;
    readonly flight: Flight;
    readonly timestamps: Timestamps | undefined;
    now(): number;
  },
): Runner {
  const { program, ring, pace, flight, timestamps, now } = parts;
  const slots: number[] = [];
  const statistics = noStatistics();
  return {
    program: program.plan,
    get steps() {
      return Math.min(parts.slots, pace.steps);
    },
    get repeats() {
      return pace.steps;
    },
    async run(batches) {
      guard.check();
      const count = batches.length;
      if (count === 0) return;
      const began = now();
      ring.fill(batches, slots);
      const filled = now();
      submit(count);
      const submitted = now();
      const uploads = batches.reduce((sum, batch) => sum + (batch === null ? 0 : 1), 0);
      statistics.steps += count;
      statistics.submits += 1;
      statistics.uploads += uploads;
      statistics.uploadedBytes += uploads * ring.batchBytes;
      statistics.uploadMs += filled - began;
      statistics.encodeMs += submitted - filled;
      statistics.mostInFlight = Math.max(statistics.mostInFlight, flight.count);
      await flight.room();
    },
    statistics: () => ({ ...statistics }),
  };

  function submit(count: number): void {
    const timer = timestamps?.timer();
    const encoder = device.createCommandEncoder();
    encodeSteps(encoder, program, slots, count, timer?.marks);
    timer?.resolve(encoder);
    device.queue.submit([encoder.finish()]);
    const measured = timer?.read().catch(() => undefined);
    flight.add((milliseconds) => {
      pace.record(count, milliseconds);
      void addDeviceTime(milliseconds, measured);
    });
  }

  /** The device's own clock knows better than ours, where it has one. */
  async function addDeviceTime(
    wall: number,
    measured: Promise<number | undefined> | undefined,
  ): Promise<void> {
    const time = await measured;
    statistics.deviceMs += time ?? wall;
    if (time !== undefined) statistics.deviceClock = 'timestamps';
  }
}
