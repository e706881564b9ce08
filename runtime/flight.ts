/** Submits that the device has not finished. Few are let ahead of it: more would only take memory and delay. */
import type { DeviceGuard } from './device-guard.ts';

/** Two keep the device busy while a third is being encoded. */
export const MAX_IN_FLIGHT = 3;

export interface Flight {
  /** Submits that the device has not finished. */
  readonly count: number;
  /** Counts what has just been submitted; `done` gets the milliseconds that the device worked on it. */
  add(done: (milliseconds: number) => void): void;
  /** Resolves when another submit may follow. */
  room(): Promise<void>;
  /** Resolves when the device has finished everything submitted so far. */
  settle(): Promise<void>;
}

export function createFlight(queue: GPUQueue, guard: DeviceGuard, now: () => number): Flight {
  const pending: Promise<void>[] = [];
  let lastDone = Number.NEGATIVE_INFINITY;
  return {
    get count() {
      return pending.length;
    },
    add(done) {
      const submitted = now();
      const finished = queue
        .onSubmittedWorkDone()
        .then(
          () => {
            const at = now();
            // The device begins when the submit is there and the one before it is done.
            done(at - Math.max(submitted, lastDone));
            lastDone = at;
          },
          // The guard tells whoever waits why the device failed.
          () => undefined,
        )
        .then(() => {
          pending.splice(pending.indexOf(finished), 1);
        });
      pending.push(finished);
    },
    async room() {
      while (pending.length >= MAX_IN_FLIGHT && pending[0] !== undefined) {
        await guard.wait(pending[0]);
      }
    },
    async settle() {
      await guard.wait(queue.onSubmittedWorkDone());
      // The promises of earlier submits resolve before: this only lets them run.
      await guard.wait(Promise.all(pending));
    },
  };
}
