/** What a training run tells while it goes on, and what may be asked of it: plain data, for a page as for a log. */
import type { Best, CheckpointInterval } from '../../train/index.ts';
import type { OptionNames } from '../options.ts';
import type { ModelSession } from '../session/model-session.ts';
import type { ModelShape, Values } from '../session/shape.ts';

/** After an epoch; where a step takes all rows, after a tenth of the run. */
export interface EpochReport<S extends ModelShape = ModelShape> {
  /** From 1, in this run. */
  readonly epoch: number;
  /** Steps done in this run. */
  readonly step: number;
  /** Averages over the rows of the epoch, each before the update of its step. */
  readonly train: Values<S>;
  readonly validation?: Values<S>;
  /** Validation included. */
  readonly seconds: number;
  readonly rowsPerSecond: number;
  /** Where it can change: see `learningRateSchedule`. */
  readonly learningRate?: number;
}

/** After a step. */
export interface StepReport<S extends ModelShape = ModelShape> {
  readonly epoch: number;
  readonly step: number;
  /** What the batch gave before the update. */
  readonly values: Values<S>;
}

/** How far a run has come. */
export interface ProgressReport<S extends ModelShape = ModelShape> {
  readonly epoch: number;
  readonly step: number;
  /** Of the whole run; absent where the data have no known end. */
  readonly epochs?: number;
  readonly steps?: number;
  readonly stepsInEpoch?: number;
  /** Averages over the epoch so far. */
  readonly values: Values<S>;
  readonly rowsPerSecond: number;
  readonly secondsLeft?: number;
}

/** The run, as callbacks see it. */
export interface Run<S extends ModelShape = ModelShape> {
  /** Predictions and evaluations may be made on it in `onStep` and `onEpoch`. */
  readonly session: ModelSession<S>;
  /** True where it goes on from a checkpoint. */
  readonly resumed: boolean;
  /** Ends the run after this step, with the outcome `early`. */
  stop(): void;
}

/** What a run tells to and asks of; each member may be left out. What its functions return is awaited. */
export interface Callback<S extends ModelShape = ModelShape> {
  /** Before the first step. */
  onStart?(run: Run<S>): void | Promise<void>;
  /** After steps 1, 1 + everySteps, … Each time the device is waited for: `onProgress` costs nothing. */
  onStep?(report: StepReport<S>, run: Run<S>): void | Promise<void>;
  /** Every step unless told. */
  readonly everySteps?: number;
  /** Some times a second at most, from what has come in anyway. */
  onProgress?(report: ProgressReport<S>, run: Run<S>): void;
  /** After an epoch and its validation. */
  onEpoch?(report: EpochReport<S>, run: Run<S>): void | Promise<void>;
  /** When the run is over; not where it failed. */
  onEnd?(history: History<S>, run: Run<S>): void | Promise<void>;
  readonly watch?: Watch;
  readonly checkpoint?: CheckpointWish;
  readonly learningRate?: RateSchedule;
}

/** Which epochs are better than others, and what follows. */
export interface Watch extends WatchOptions {
  /** Ends the run after so many epochs in a row that were not better. */
  readonly patience?: number;
  /** The weights of the best epoch are those that remain. */
  readonly restore?: boolean;
  /** The file that they are written to each time. */
  readonly path?: string;
}

/** Which value is watched, and when it is better. */
export interface WatchOptions {
  /** A loss or metric: `loss` unless told. */
  readonly monitor?: string;
  /** Which rows it is measured on; those to validate on, where there are any. */
  readonly rows?: 'train' | 'validation';
  /** `less` for losses and errors, `more` for other metrics, unless told. */
  readonly better?: 'less' | 'more';
  /** By so much a value must be better to count. */
  readonly minDelta?: number;
}

export const watchOptionNames: OptionNames<WatchOptions> = {
  monitor: true,
  rows: true,
  better: true,
  minDelta: true,
};

/** A file that holds all that the run is, written again and again. */
export interface CheckpointWish {
  readonly path: string;
  readonly every: CheckpointInterval;
}

/** Learning rates as a function of the step or epoch. */
export interface RateSchedule {
  readonly per: 'step' | 'epoch';
  /** The rate for a step or an epoch, from 0; `rate` is the one before it, at first the model's. */
  at(count: number, rate: number): number;
}

/** What a run has been. */
export interface History<S extends ModelShape = ModelShape> {
  /** `early`: patience was at its end, or a callback has stopped it; `stopped`: its signal has. */
  readonly outcome: 'complete' | 'early' | 'stopped';
  readonly epochs: readonly EpochReport<S>[];
  /** Steps done, those before a checkpoint included. */
  readonly steps: number;
  readonly seconds: number;
  /** Where a callback watches. */
  readonly best?: Best;
}
