/** Where a run's checkpoints go, how often, and from which one it goes on: from the options and the file's `checkpoint:`. */
import { existsSync } from 'node:fs';
import type { Model } from '../compiler/model.ts';
import {
  type Checkpoint,
  type CheckpointInterval,
  checkCheckpoint,
  differences,
  type RunIdentity,
  TrainingError,
} from '../train/index.ts';
import { checkFree, readCheckpointFile } from './checkpoint-file.ts';
import { UserError } from './failure.ts';
import { checkWritable, removeLeftovers } from './whole-file.ts';

export interface CheckpointFlags {
  /** True where the option stands without a name. */
  readonly checkpoint?: string | true;
  readonly checkpointEvery?: CheckpointInterval;
  readonly resume?: string | true;
}

export interface CheckpointPlan {
  /** Absent where none are to be written. */
  readonly file?: string;
  readonly every: CheckpointInterval;
  readonly from?: Source;
  /** `--resume` found nothing to go on with. */
  readonly nothingYet: boolean;
}

/** What a run goes on from. */
interface Source {
  readonly file: string;
  readonly checkpoint: Checkpoint;
}

/** What a killed process loses at most, where nobody says. */
const DEFAULT_INTERVAL: CheckpointInterval = { seconds: 30 };

/** The name where one is wanted and none is given. */
export const defaultCheckpoint = (model: string): string => `${model}.checkpoint.safetensors`;

/**
 * `inFile`: the `checkpoint:` of the `train` section, a file or a number of epochs. Throws UserError or DataError
 * where a checkpoint cannot be read, or one that is still needed would be overwritten.
 */
export function planCheckpoints(
  flags: CheckpointFlags,
  inFile: string | number | undefined,
  model: string,
): CheckpointPlan {
  const { checkpoint, checkpointEvery, resume } = flags;
  const wanted =
    checkpoint !== undefined ||
    checkpointEvery !== undefined ||
    resume !== undefined ||
    inFile !== undefined;
  const every =
    checkpointEvery ?? (typeof inFile === 'number' ? { epochs: inFile } : DEFAULT_INTERVAL);
  if (!wanted) return { every, nothingYet: false };
  const named = [checkpoint, resume, inFile].find((one) => typeof one === 'string');
  const file = named ?? defaultCheckpoint(model);
  checkWritable(file, {
    option: '--checkpoint',
    what: 'checkpoints',
    example: defaultCheckpoint(model),
  });
  removeLeftovers(file);
  const source = typeof resume === 'string' ? resume : file;
  // Without a name it is what a job says that may have been killed before its first checkpoint.
  const nothingYet = resume === true && !existsSync(source);
  const from =
    resume === undefined || nothingYet
      ? undefined
      : { file: source, checkpoint: readCheckpointFile(source) };
  if (source !== file || from === undefined) checkFree(file);
  return { file, every, ...(from === undefined ? {} : { from }), nothingYet };
}

/**
 * Throws TrainingError NN0508 where the checkpoint is of another run, NN0507 where its tensors are of another model,
 * and UserError where this run is to end before the place that the checkpoint has reached.
 */
export function checkGoesOn(
  from: Source,
  model: Model,
  identity: RunIdentity,
  steps: number,
): void {
  const { file, checkpoint } = from;
  checkCheckpoint(model, checkpoint, file);
  const lines = differences(checkpoint.record.run, identity);
  if (lines.length > 0)
    throw new TrainingError(
      'NN0508',
      [`${file} is a checkpoint of another run:`, ...lines.map((one) => `  ${one}`)].join('\n'),
      `a run goes on with its own model, data and options; \`--weights ${file}\` begins a new one from its weights`,
    );
  checkLength(from, steps);
}

function checkLength({ file, checkpoint }: Source, steps: number): void {
  const { step } = checkpoint.record.state;
  if (step > steps)
    throw new UserError(
      `${file} has made ${step} steps; this run is to make ${steps} altogether`,
      'give the number of steps from the very beginning: --steps, or --epochs',
    );
}
