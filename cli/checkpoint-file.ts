/** Checkpoints on disk: safetensors files that replace one another whole, and what may stand in their way. */
import { existsSync } from 'node:fs';
import { type ClassNames, classMetadata, encodeSafetensors } from '../data/index.ts';
import {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
  isCheckpoint,
} from '../train/index.ts';
import { UserError } from './failure.ts';
import { readSafetensors } from './weights-file.ts';
import { writeWhole } from './whole-file.ts';

const words = {
  what: 'checkpoint',
  missing: '`nnc train … --checkpoint FILE` writes one',
  nature: 'checkpoints are safetensors files, as `nnc train … --checkpoint FILE` writes',
} as const;

/** Throws UserError or DataError where the file is no whole checkpoint. */
export function readCheckpointFile(file: string): Checkpoint {
  const { tensors, metadata } = readSafetensors(file, words);
  return decodeCheckpoint(file, tensors, metadata);
}

/** Returns the bytes written; `classes`: of the data that are trained on, so that a checkpoint is a weights file too. */
export function writeCheckpointFile(
  file: string,
  checkpoint: Checkpoint,
  classes: ClassNames,
): number {
  const { tensors, metadata } = encodeCheckpoint(checkpoint);
  const bytes = encodeSafetensors(tensors, { ...metadata, ...classMetadata(classes) });
  writeWhole(file, bytes, 'the checkpoint');
  return bytes.length;
}

/**
 * Whether a new run may write its checkpoints here: where nothing is, or the checkpoint of a run that has come to
 * its end. Throws UserError otherwise, since what is there would be lost.
 */
export function checkFree(file: string): void {
  if (!existsSync(file)) return;
  const other = `remove ${file}, or give another file with --checkpoint`;
  const found = lookInto(file);
  if (found === undefined)
    throw new UserError(`--checkpoint: ${file} is there and is no checkpoint`, other);
  const { state, complete } = found.record;
  if (!complete)
    throw new UserError(
      `--checkpoint: ${file} holds a run that is not at its end: it has made ${state.step} steps`,
      `--resume goes on with it; to begin anew, ${other}`,
    );
}

/** The checkpoint in a file; undefined where it is something else, or damaged. */
function lookInto(file: string): Checkpoint | undefined {
  try {
    const { tensors, metadata } = readSafetensors(file, words);
    return isCheckpoint(metadata) ? decodeCheckpoint(file, tensors, metadata) : undefined;
  } catch {
    return undefined;
  }
}
