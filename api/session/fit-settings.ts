/** How to train: what the caller says, else the model's `train` section, else what is usual. Pure. */
import type { TrainDefaults } from '../../compiler/model.ts';
import { type RunSettings, runSettings } from '../../train/index.ts';
import { described } from '../data/numbers.ts';
import { UsageError } from '../usage-error.ts';
import type { FitOptions } from './model-session.ts';

/** `batch`: the session's. Throws UsageError for numbers that make no sense. */
export function fitSettings(
  file: TrainDefaults,
  given: FitOptions,
  batch: number | undefined,
): RunSettings {
  for (const key of ['epochs', 'steps', 'batch'] as const) {
    const value = given[key];
    if (value !== undefined && value !== 'all') checkWhole(key, value, 1);
  }
  if (given.seed !== undefined) checkWhole('seed', given.seed, 0);
  const size = given.batch ?? batch;
  return runSettings(file, { ...given, ...(size && { batch: size }) });
}

export function checkWhole(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  const said = typeof value === 'number' ? value : described(value);
  throw new UsageError(`\`${name}\` is ${said}`, `give a whole number from ${least} on`);
}
