/** Steps (from 0) before or after which something is to happen: none of them is in the middle of a submit. */
import type { RunOptions } from './run-options.ts';

export interface StepSchedule {
  /** Such a step runs alone, and the device is waited for. */
  isLogged(step: number): boolean;
  /** Where a submit that begins with this step has to end at the latest. */
  stopAfter(step: number): number;
}

/** `logEvery`: steps 0, logEvery, … are logged, and `last`; `perEpoch`: Infinity where no submit goes beyond an epoch. */
export function createStepSchedule(
  run: Pick<RunOptions, 'beforeStep' | 'afterStep' | 'checkpointEvery'>,
  steps: { readonly logEvery: number; readonly last?: number; readonly perEpoch: number },
): StepSchedule {
  const { logEvery, last = Infinity, perEpoch } = steps;
  const { beforeStep, afterStep, checkpointEvery } = run;
  const isLogged = (step: number): boolean =>
    step === last || (logEvery < Infinity && step % logEvery === 0);
  const stops = [
    logEvery,
    ...(beforeStep === undefined ? [] : [beforeStep.every === 'step' ? 1 : perEpoch]),
    ...(afterStep === undefined ? [] : [1]),
    ...(checkpointEvery !== undefined && 'steps' in checkpointEvery ? [checkpointEvery.steps] : []),
  ];
  return {
    isLogged,
    stopAfter(step) {
      if (isLogged(step)) return step + 1;
      const next = stops.map((every) => (Math.floor(step / every) + 1) * every);
      return Math.min(step < last ? last : Infinity, ...next);
    },
  };
}
