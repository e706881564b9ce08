/** A checkpoint that a run goes on from: read, compared with the run, and put on the device. */
import type { Model } from '../../compiler/model.ts';
import { STEP } from '../../compiler/programs.ts';
import { decodeSafetensors } from '../../data/index.ts';
import {
  type Checkpoint,
  checkCheckpoint,
  decodeCheckpoint,
  differences,
  type RunIdentity,
  restoreCheckpoint,
  type StreamState,
  type TrainedBefore,
  TrainingError,
} from '../../train/index.ts';
import type { EpochReport } from '../callbacks/callback.ts';
import type { Context } from './context.ts';
import { filesOf } from './files.ts';
import { isRate } from './rates.ts';

export interface Resumed {
  readonly path: string;
  readonly checkpoint: Checkpoint;
  /** What the session had behind it when that run began. */
  readonly before: TrainedBefore;
  readonly epochs: readonly EpochReport[];
  /** Where in a stream it stood. */
  readonly stream?: Pick<StreamState, 'epoch' | 'stepOfEpoch'>;
}

/** Throws UsageError where the file cannot be read, DataError where it is no checkpoint. */
export async function readResumed(path: string): Promise<Resumed> {
  const { tensors, metadata } = decodeSafetensors(await filesOf('resume').read(path), path);
  const checkpoint = decodeCheckpoint(path, tensors, metadata);
  const notes = asObject(checkpoint.record.notes);
  const before = asObject(notes['before']);
  const stream = asObject(notes['stream']);
  return {
    path,
    checkpoint,
    before: { steps: countOf(before['steps']), epochs: countOf(before['epochs']) },
    epochs: Array.isArray(notes['epochs']) ? (notes['epochs'] as readonly EpochReport[]) : [],
    ...(notes['stream'] === undefined
      ? {}
      : {
          stream: { epoch: countOf(stream['epoch']), stepOfEpoch: countOf(stream['stepOfEpoch']) },
        }),
  };
}

/** Whether its learning rate could change. */
export const hasRates = ({ checkpoint: { slots } }: Resumed): boolean =>
  [...slots.keys()].some(isRate);

/** Throws TrainingError NN0507 for tensors of another model, NN0508 for another run. */
export function checkResumed(
  model: Model,
  { path, checkpoint }: Resumed,
  identity: RunIdentity,
): void {
  checkCheckpoint(model, checkpoint, path);
  const lines = differences(checkpoint.record.run, identity);
  if (lines.length === 0) return;
  throw new TrainingError(
    'NN0508',
    [`${path} is a checkpoint of another run:`, ...lines.map((line) => `  ${line}`)].join('\n'),
    'a run goes on with its own model, data and options; `session.load(path)` takes only its weights',
  );
}

export function putBack(context: Context, model: Model, { checkpoint, before }: Resumed): void {
  const { programs, rates, done } = context;
  restoreCheckpoint(programs.session, model, checkpoint);
  programs.session.write(STEP, [before.steps + checkpoint.record.state.step], { role: 'counter' });
  rates.restore(checkpoint.slots);
  done.steps = before.steps;
  done.epochs = before.epochs;
}

const asObject = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
const countOf = (value: unknown): number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
