/** How often a run writes a checkpoint. */
import type { Place } from './fit-event.ts';

/** Epochs are counted where one ends. */
export type CheckpointInterval =
  | { readonly epochs: number }
  | { readonly steps: number }
  | { readonly seconds: number };

export interface CheckpointTimer {
  /** `reported`: at the end of a round. */
  isDue(place: Place, reported: boolean): boolean;
  written(): void;
}

/** `now`: a clock in milliseconds. */
export function createCheckpointTimer(
  every: CheckpointInterval | undefined,
  now: () => number,
): CheckpointTimer {
  let writtenAt = now();
  return {
    isDue({ step, epoch }, reported) {
      if (every === undefined) return false;
      if ('epochs' in every) return reported && epoch % every.epochs === 0;
      if ('steps' in every) return step % every.steps === 0;
      return now() - writtenAt >= every.seconds * 1000;
    },
    written() {
      writtenAt = now();
    },
  };
}

/** Where all epochs have as many steps, they need not end for it: where a step is an epoch, a round has many. */
export const countedInSteps = (every: CheckpointInterval, perEpoch: number): CheckpointInterval =>
  'epochs' in every ? { steps: every.epochs * perEpoch } : every;
