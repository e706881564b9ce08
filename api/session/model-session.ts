/// <reference lib="esnext.disposable" preserve="true" />
/** A model on a device, as its user sees it: trained, measured, asked for predictions, saved and loaded. */
import type { Counts } from '../../runtime/index.ts';
import type { Callback, History } from '../callbacks/callback.ts';
import type { Parameters } from './parameters.ts';
import type { Batch, Data, ModelShape, PredictData, Predictions, Values } from './shape.ts';

/** How long `fit` trains, on what batches, and who listens. */
export interface FitOptions<S extends ModelShape = ModelShape> {
  /** In place of what the model's `train` section says; else 10 epochs. Steps win over epochs. */
  readonly epochs?: number;
  readonly steps?: number;
  /** Rows of a step; of the session, or of the `train` section, else 32. */
  readonly batch?: number | 'all';
  /** Another order in every epoch. True, unless the section says otherwise; a stream is taken as it comes. */
  readonly shuffle?: boolean;
  /** Of orders, and of what is set apart for validation. */
  readonly seed?: number;
  /** Rows to measure on after each epoch: data, or a part of the training rows; false for none. */
  readonly validation?: Data<S> | number | false;
  readonly callbacks?: readonly Callback<S>[];
  /** Ends the run after what has been submitted; `fit` returns what there is, with the outcome `stopped`. */
  readonly signal?: AbortSignal;
  /**
   * Looks at all numbers after every step, which is slow: the first of them that is infinite or NaN ends the run with an error that
   * names the operation, its line, and what it was given there.
   */
  readonly traceNan?: boolean;
  /** Goes on from the checkpoint in this file. Model, data, batch and seed must be those that it was made with. */
  readonly resume?: string;
}

/** How `evaluate` and `predict` go through rows. */
export interface EvaluateOptions {
  /** Rows at a time. */
  readonly batch?: number;
  readonly signal?: AbortSignal;
}

/** A model on a device: trained, measured, asked for predictions, saved and loaded. All that it throws has a message for people. */
export interface ModelSession<S extends ModelShape = ModelShape> {
  /** The name of the model. */
  readonly name: string;
  readonly device: GPUDevice;
  /** Steps that it has been trained so far. */
  readonly steps: number;
  readonly parameters: Parameters<S['params']>;
  /** The rate of the optimizer, where it is a number; see `setLearningRate`. */
  readonly learningRate: number | undefined;

  /** Trains on all rows, epoch after epoch. A later call goes on where this one ended: with the optimizer's memory, in new orders. */
  fit(data: Data<S>, options?: FitOptions<S>): Promise<History<S>>;
  /** Losses and metrics over all rows, each row counting the same. */
  evaluate(data: Data<S>, options?: EvaluateOptions): Promise<Values<S>>;
  /** The outputs for all rows, those of one row after another. A size that is new is compiled, and kept for the next time. */
  predict(data?: PredictData<S>, options?: EvaluateOptions): Promise<Predictions<S>>;
  /** One step of training on one batch of any size. Resolves when the next may be given, not when the device is done. */
  step(batch: Batch<S>): Promise<void>;
  /** The average loss over the steps since it, or `metrics`, was asked for: waits for the device. Asked again before another step it says the same. */
  loss(): Promise<number>;
  /** Losses and metrics over the steps since they were asked for, as `loss`. */
  metrics(): Promise<Values<S>>;

  /** Changes the rate from the next step on; of one `train` section where there are several, or of all. The first call compiles anew. */
  setLearningRate(rate: number, section?: string): Promise<void>;

  /** Weights as a safetensors file: its bytes or, with a path, written there. */
  save(): Promise<Uint8Array<ArrayBuffer>>;
  /** Writes the weights to the file, which is either the old one or whole. */
  save(path: string): Promise<void>;
  /** Takes weights (or those of a checkpoint) from a file or its bytes. The optimizer's memory stays what it is. */
  load(from: string | Uint8Array): Promise<void>;

  /** Layers with shapes and parameters, as a table to print. */
  summary(): string;
  /** What it holds on the device. */
  counts(): Counts;
  /** Frees everything at once. Without it all is freed when the process or the page ends. */
  close(): void;
  /** For `await using`: closes it after what has been submitted. */
  [Symbol.asyncDispose](): Promise<void>;
}
