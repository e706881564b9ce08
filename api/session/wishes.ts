/** What the callbacks of a run ask of it, taken together. */
import type { Callback, CheckpointWish, RateSchedule } from '../callbacks/callback.ts';
import { UsageError } from '../usage-error.ts';

export interface Wishes {
  readonly checkpoint: CheckpointWish | undefined;
  readonly schedule: RateSchedule | undefined;
  /** Steps 0, logEvery, … have to run alone, so that every `onStep` gets its own; undefined where there is none. */
  readonly logEvery: number | undefined;
}

/** Throws UsageError where two want what there can be once. */
export const wishesOf = (callbacks: readonly Callback[]): Wishes => ({
  checkpoint: one(
    callbacks.flatMap(({ checkpoint }) => checkpoint ?? []),
    'checkpoint',
  ),
  schedule: one(
    callbacks.flatMap(({ learningRate }) => learningRate ?? []),
    'learningRateSchedule',
  ),
  logEvery: commonStep(callbacks),
});

function one<T>(wishes: readonly T[], name: string): T | undefined {
  if (wishes.length <= 1) return wishes[0];
  throw new UsageError(`there are ${wishes.length} callbacks \`${name}\``, 'give one of them');
}

function commonStep(callbacks: readonly Callback[]): number | undefined {
  const wanted = callbacks.flatMap(({ onStep, everySteps = 1 }) =>
    onStep === undefined ? [] : [everySteps],
  );
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  return wanted.length === 0 ? undefined : wanted.reduce(divisor);
}
