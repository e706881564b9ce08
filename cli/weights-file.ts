/** Weight files: written whole or not at all, read with messages for people. */
import {
  type ClassNames,
  classesIn,
  classMetadata,
  DataError,
  decodeSafetensors,
  encodeSafetensors,
  type Safetensors,
} from '../data/index.ts';
import { type Weights, weightsOnly } from '../train/index.ts';
import { UserError } from './failure.ts';
import { grouped } from './numbers.ts';
import { readAtMost } from './read-bytes.ts';
import { codeOf, messageOf } from './source-file.ts';
import { writeWhole } from './whole-file.ts';

/** Weights with what a prediction has to know of the data that they were trained on. */
export interface SavedWeights {
  readonly tensors: Weights;
  /** How the data numbered their classes and characters. */
  readonly classes: ClassNames;
}

/** Returns the bytes written. */
export function writeWeightsFile(
  file: string,
  { tensors, classes }: SavedWeights,
  metadata: Readonly<Record<string, string>>,
): number {
  const bytes = encodeSafetensors(tensors, { ...metadata, ...classMetadata(classes) });
  writeWhole(file, bytes, 'the weights');
  return bytes.length;
}

/** Of a weights file, or of a checkpoint. Throws UserError where there is no readable file, DataError where it is no safetensors file. */
export function readWeightsFile(file: string): SavedWeights {
  const { tensors, metadata } = readSafetensors(file, {
    what: 'weights',
    missing: '`nnc train … -o FILE` writes one',
    nature: 'weights are safetensors files, as `nnc train … -o FILE` writes',
  });
  return { tensors: weightsOnly(tensors), classes: classesIn(metadata, file) };
}

/** What a kind of file is called in messages, and how one comes by it. */
export interface FileWords {
  readonly what: 'weights' | 'checkpoint';
  readonly missing: string;
  readonly nature: string;
}

export function readSafetensors(file: string, words: FileWords): Safetensors {
  const bytes = readOrFail(file, words);
  try {
    return decodeSafetensors(bytes, file);
  } catch (error) {
    if (error instanceof DataError && error.help === undefined)
      throw new UserError(error.message, words.nature);
    throw error;
  }
}

/** More than fits on any device that runs the models here; a device in place of a file has no end. */
const LARGEST = 2 ** 32;

function readOrFail(file: string, { what, missing, nature }: FileWords): Uint8Array<ArrayBuffer> {
  try {
    const bytes = readAtMost(file, LARGEST);
    if (bytes !== undefined) return bytes;
  } catch (error) {
    switch (codeOf(error)) {
      case 'ENOENT':
        throw new UserError(
          `there is no ${what === 'weights' ? 'weights file' : what} ${file}`,
          missing,
        );
      case 'EISDIR':
        throw new UserError(`${file} is a folder`, nature);
      default:
        throw new UserError(`the ${what} ${file} cannot be read: ${messageOf(error)}`);
    }
  }
  throw new UserError(`${file} has more than the ${grouped(LARGEST)} bytes that are read`, nature);
}
