/** How to train: what the caller says, else the model's `train` section, else what is usual. Pure. */
import type { TrainDefaults } from '../../compiler/model.ts';
import { UsageError } from '../usage-error.ts';
import type { FitOptions } from './model-session.ts';

export interface FitSettings {
  readonly batch: number | 'all';
  readonly length: { readonly epochs: number } | { readonly steps: number };
  readonly seed: number;
  readonly shuffle: boolean;
  readonly limit?: number;
}

/** As in Keras, whose users know it. */
const USUAL_BATCH = 32;
const USUAL_EPOCHS = 10;

/** `batch`: the session's. Throws UsageError for numbers that make no sense. */
export function fitSettings(
  file: TrainDefaults,
  given: FitOptions,
  batch: number | undefined,
): FitSettings {
  for (const key of ['epochs', 'steps', 'batch'] as const) {
    const value = given[key];
    if (value !== undefined && value !== 'all') checkWhole(key, value, 1);
  }
  if (given.seed !== undefined) checkWhole('seed', given.seed, 0);
  return {
    batch: given.batch ?? batch ?? file.batch ?? USUAL_BATCH,
    length: lengthOf(given) ?? lengthOf(file) ?? { epochs: USUAL_EPOCHS },
    seed: given.seed ?? file.seed ?? 0,
    shuffle: given.shuffle ?? file.shuffle ?? true,
    ...(file.limit === undefined ? {} : { limit: file.limit }),
  };
}

/** The caller's `epochs` also win over the section's `steps`, and the other way round. */
function lengthOf(from: Pick<FitOptions, 'epochs' | 'steps'>): FitSettings['length'] | undefined {
  if (from.steps !== undefined) return { steps: from.steps };
  return from.epochs === undefined ? undefined : { epochs: from.epochs };
}

export function checkWhole(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new UsageError(`\`${name}\` is ${value}`, `give a whole number from ${least} on`);
}
