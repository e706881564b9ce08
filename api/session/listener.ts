/** From what the training loop tells to callbacks, history, best weights and checkpoints. */

import { classMetadata, encodeSafetensors } from '../../data/index.ts';
import type { Session } from '../../runtime/index.ts';
import {
  type Averages,
  captureCheckpoint,
  checkWeightsFinite,
  encodeCheckpoint,
  type FitEvent,
  type FitResult,
  type FitState,
  type Place,
  type RunIdentity,
  readWeights,
  type TrainedBefore,
  type Weights,
  writeWeights,
} from '../../train/index.ts';
import type { Callback, CheckpointWish, EpochReport, History, Run } from '../callbacks/callback.ts';
import { type Context, modelOf } from './context.ts';
import { filesOf } from './files.ts';
import type { Values } from './shape.ts';
import type { Watching } from './watching.ts';
import { encodeWeights } from './weights-bytes.ts';

export interface ListenerOptions {
  readonly callbacks: readonly Callback[];
  readonly run: Run;
  readonly watching: Watching | undefined;
  readonly checkpoint:
    | { readonly wish: CheckpointWish; readonly identity: RunIdentity }
    | undefined;
  /** Of the part of the run before this one. */
  readonly earlier: {
    readonly epochs: readonly EpochReport[];
    readonly best?: Weights | undefined;
  };
  /** What the session had behind it when the run began. */
  readonly before: TrainedBefore;
}

export interface Listener {
  on(event: FitEvent): Promise<void>;
  /** The weights that remain are on the device then. */
  finish(result: FitResult): Promise<History>;
}

export function createListener(context: Context, options: ListenerOptions): Listener {
  const { callbacks, run, watching, checkpoint, before } = options;
  const { programs, gate, rates } = context;
  const session: Session = programs.session;
  const model = modelOf(context);
  const epochs = [...options.earlier.epochs];
  let { best } = options.earlier;

  const each = (call: (callback: Callback) => void | Promise<void> | undefined): Promise<void> =>
    gate.callback(async () => {
      for (const callback of callbacks) await call(callback);
    });

  return {
    async on(event) {
      const { place } = event;
      switch (event.kind) {
        case 'progress': {
          const report = {
            epoch: place.epoch,
            step: place.step,
            ...known({
              epochs: place.epochs,
              steps: place.steps,
              stepsInEpoch: place.stepsInEpoch,
              secondsLeft: event.secondsLeft,
            }),
            values: record(event.values),
            rowsPerSecond: event.rowsPerSecond,
          };
          for (const callback of callbacks) callback.onProgress?.(report, run);
          return;
        }
        case 'step': {
          const report = { epoch: place.epoch, step: place.step, values: record(event.values) };
          return await each((callback) => {
            const { everySteps = 1 } = callback;
            return (place.step - 1) % everySteps === 0 ? callback.onStep?.(report, run) : undefined;
          });
        }
        case 'best':
          return await keepBest(place);
        case 'round': {
          const { train, validation, seconds, rowsPerSecond } = event.report;
          const report: EpochReport = {
            epoch: place.epoch,
            step: place.step,
            train: record(train),
            ...(validation === undefined ? {} : { validation: record(validation) }),
            seconds,
            rowsPerSecond,
            ...known({ learningRate: rates.first }),
          };
          epochs.push(report);
          return await each((callback) => callback.onEpoch?.(report, run));
        }
        case 'checkpoint':
          return await save(event.state, event.complete);
        default:
          return event satisfies never;
      }
    },
    async finish({ outcome, place, seconds, monitor }) {
      if (watching?.restore === true && best !== undefined)
        writeWeights(session, model, best, 'the best weights');
      const history: History = {
        outcome,
        epochs,
        steps: place.step,
        seconds,
        ...(watching === undefined || monitor.best === undefined ? {} : { best: monitor.best }),
      };
      await each((callback) => callback.onEnd?.(history, run));
      return history;
    },
  };

  async function keepBest({ step }: Place): Promise<void> {
    if (watching === undefined || !(watching.restore || watching.paths.length > 0)) return;
    const found = await readWeights(session, model);
    checkWeightsFinite(model, found, step);
    best = found;
    for (const path of watching.paths)
      await filesOf('bestWeights').replace(
        path,
        encodeWeights(model, found, { steps: before.steps + step, classes: context.classes }),
      );
  }

  async function save(state: FitState, complete: boolean): Promise<void> {
    if (checkpoint === undefined) return;
    const { wish, identity } = checkpoint;
    const { round: _, monitor: __, step, ...stream } = { ...state };
    const notes = { before, epochs, ...(Object.keys(stream).length === 0 ? {} : { stream }) };
    const captured = await captureCheckpoint(
      session,
      model,
      {
        run: identity,
        state: { step, monitor: state.monitor, ...(state.round && { round: state.round }) },
        complete,
        notes,
      },
      watching?.restore === true ? best : undefined,
    );
    checkWeightsFinite(model, new Map([...captured.weights, ...captured.slots]), step);
    const { tensors, metadata } = encodeCheckpoint(captured);
    await filesOf('checkpoint').replace(
      wish.path,
      encodeSafetensors(tensors, { ...metadata, ...classMetadata(context.classes) }),
    );
  }
}

/** By name, as plain data. */
export const record = (values: Averages): Values => Object.fromEntries(values) as Values;

/** Without what is unknown or has no end. */
function known<T extends Record<string, number | undefined>>(
  numbers: T,
): { readonly [K in keyof T]?: number } {
  const entries = Object.entries(numbers).filter(
    ([, value]) => value !== undefined && Number.isFinite(value),
  );
  return Object.fromEntries(entries) as { readonly [K in keyof T]?: number };
}
