/** What a training run may be asked for, whatever its steps are made of, and what it has come to at its end. */
import type { Model } from '../compiler/model.ts';
import type { SectionSet } from '../compiler/train-step.ts';
import type { Averages } from './averages.ts';
import type { CheckpointInterval } from './checkpoint-interval.ts';
import type { Evaluation } from './evaluate.ts';
import type { FitEvent, Place } from './fit-event.ts';
import type { FitState } from './fit-state.ts';
import type { TakenRows } from './gather.ts';
import type { Monitor, MonitorState } from './monitor.ts';

export interface RunOptions {
  readonly model: Model;
  /** Reports steps 1, 1 + logEvery, … alone; each time the device is waited for. Never, unless told. */
  readonly logEvery?: number;
  /** Measures the rows to validate on, after each round. */
  validate?(): Promise<Evaluation>;
  /** What decides which round is the best, and when to end early. */
  readonly monitor?: Monitor;
  /** When there is a `checkpoint` event beside the one at the end; without it there are none at all. */
  readonly checkpointEvery?: CheckpointInterval;
  /** Goes on from here; the device must hold the tensors of that moment. */
  readonly from?: FitState;
  /** Stops after what has been submitted. */
  readonly signal?: AbortSignal;
  /** Steps and epochs that the session has behind it: orders, sections and random numbers go on from there. */
  readonly before?: TrainedBefore;
  /** Called before every step, or before the first one of every epoch, with its numbers in this run; a submit begins then. */
  readonly beforeStep?: {
    readonly every: 'step' | 'epoch';
    call(epoch: number, step: number): void;
  };
  /** Awaited after every step, which then runs alone, and before its loss is looked at. */
  afterStep?(step: StepDone): Promise<void>;
  /** Ends the run as patience does, asked after each event. */
  enough?(): boolean;
  /** A clock in milliseconds. */
  now(): number;
  /** Awaited, so that weights can be saved. */
  on(event: FitEvent): void | Promise<void>;
}

/** How long a model has been trained. */
export interface TrainedBefore {
  readonly steps: number;
  readonly epochs: number;
}

/** A step that has been submitted, with the rows that it took. */
export interface StepDone extends TakenRows {
  /** The device's counter before it. */
  readonly step: number;
  readonly place: Place;
  readonly sections: SectionSet;
}

export interface FitResult {
  readonly place: Place;
  /** Averages over the last epoch, as far as it went; of the last step where a step takes all rows. */
  readonly train: Averages;
  /** After the last round; absent where that was not completed. */
  readonly validation?: Averages;
  readonly monitor: MonitorState;
  readonly seconds: number;
  /** Without validation and checkpoints. */
  readonly trainingSeconds: number;
  /** `stopped`: by the signal, before the end; `early`: the monitor's patience was at its end, or its listener had enough. */
  readonly outcome: 'complete' | 'early' | 'stopped';
}
