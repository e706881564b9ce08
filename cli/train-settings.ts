/** How to train: the command line's word, else the file's `train` section, else a default. Pure. */
import type { TrainDefaults } from '../compiler/model.ts';
import { stepsOf } from '../train/index.ts';
import type { MonitorSettings } from './monitor-setting.ts';

export interface TrainFlags extends MonitorSettings {
  readonly batch?: number | 'all';
  readonly epochs?: number;
  readonly steps?: number;
  readonly limit?: number;
  readonly seed?: number;
  readonly shuffle?: boolean;
  readonly validation?: number | string;
}

export interface TrainSettings extends MonitorSettings {
  readonly batch: number | 'all';
  readonly length: { readonly epochs: number } | { readonly steps: number };
  readonly limit?: number;
  readonly seed: number;
  readonly shuffle: boolean;
  readonly validation?: number | string;
}

/** As in Keras, whose users know it. */
const DEFAULT_BATCH = 32;
const DEFAULT_EPOCHS = 10;

export function trainSettings(file: TrainDefaults, flags: TrainFlags): TrainSettings {
  const limit = flags.limit ?? file.limit;
  const validation = flags.validation ?? file.validation;
  const monitor = flags.monitor ?? file.monitor;
  const patience = flags.patience ?? file.patience;
  const minDelta = flags.minDelta ?? file.minDelta;
  const keep = flags.keep ?? file.keep;
  return {
    batch: flags.batch ?? file.batch ?? DEFAULT_BATCH,
    length: lengthOf(flags) ?? lengthOf(file) ?? { epochs: DEFAULT_EPOCHS },
    ...(limit === undefined ? {} : { limit }),
    seed: flags.seed ?? file.seed ?? 0,
    shuffle: flags.shuffle ?? file.shuffle ?? true,
    ...(validation === undefined ? {} : { validation }),
    ...(monitor === undefined ? {} : { monitor }),
    ...(patience === undefined ? {} : { patience }),
    ...(minDelta === undefined ? {} : { minDelta }),
    ...(keep === undefined ? {} : { keep }),
  };
}

/** `--epochs` also wins over the file's `steps`, and the other way round. */
function lengthOf(from: {
  readonly epochs?: number;
  readonly steps?: number;
}): TrainSettings['length'] | undefined {
  if (from.steps !== undefined) return { steps: from.steps };
  return from.epochs === undefined ? undefined : { epochs: from.epochs };
}

/** Rows of a step and steps altogether, for a training set of so many rows. */
export function scheduleFor(
  { batch, length }: TrainSettings,
  rows: number,
): { readonly batch: number; readonly steps: number } {
  const size = batch === 'all' ? rows : Math.min(batch, rows);
  return {
    batch: size,
    steps: 'steps' in length ? length.steps : stepsOf(rows, size, length.epochs),
  };
}
