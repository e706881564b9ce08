/** How a run trains: what its caller says, else the model's `train` section, else what is usual. Pure. */
import type { TrainDefaults } from '../compiler/model.ts';

export type SettingsGiven = Pick<
  TrainDefaults,
  'batch' | 'epochs' | 'steps' | 'limit' | 'seed' | 'shuffle'
>;

export interface RunSettings {
  readonly batch: number | 'all';
  readonly length: { readonly epochs: number } | { readonly steps: number };
  readonly limit?: number;
  readonly seed: number;
  readonly shuffle: boolean;
}

/** As in Keras, whose users know it. */
const USUAL_BATCH = 32;
const USUAL_EPOCHS = 10;

export function runSettings(file: TrainDefaults, given: SettingsGiven): RunSettings {
  const limit = given.limit ?? file.limit;
  return {
    batch: given.batch ?? file.batch ?? USUAL_BATCH,
    length: lengthOf(given) ?? lengthOf(file) ?? { epochs: USUAL_EPOCHS },
    ...(limit === undefined ? {} : { limit }),
    seed: given.seed ?? file.seed ?? 0,
    shuffle: given.shuffle ?? file.shuffle ?? true,
  };
}

/** The caller's `epochs` also win over the section's `steps`, and the other way round. */
function lengthOf(from: SettingsGiven): RunSettings['length'] | undefined {
  if (from.steps !== undefined) return { steps: from.steps };
  return from.epochs === undefined ? undefined : { epochs: from.epochs };
}

export const stepsOf = (rows: number, batch: number, epochs: number): number =>
  Math.ceil(rows / batch) * epochs;

/** Rows of a step and steps altogether, for a training set of so many rows. */
export function scheduleFor(
  { batch, length }: Pick<RunSettings, 'batch' | 'length'>,
  rows: number,
): { readonly batch: number; readonly steps: number } {
  const size = batch === 'all' ? rows : Math.min(batch, rows);
  const steps = 'steps' in length ? length.steps : stepsOf(rows, size, length.epochs);
  return { batch: size, steps };
}
