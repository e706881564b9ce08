/** Weight files: written whole or not at all, read with messages for people. */
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DataError, decodeSafetensors, encodeSafetensors } from '../data/index.ts';
import type { Weights } from '../train/index.ts';
import { EXIT, UserError } from './failure.ts';
import { beside, replaceFile } from './replace-file.ts';
import { codeOf, messageOf } from './source-file.ts';

/** Says before a long run that its weights could not be written at its end. */
export function checkWritable(file: string): void {
  if (file === '')
    throw new UserError('-o needs the name of a file', '-o weights.safetensors', EXIT.usage);
  const folder = path.dirname(file);
  const kind = statSync(file, { throwIfNoEntry: false });
  if (kind?.isDirectory())
    throw new UserError(
      `-o: ${file} is a folder`,
      `give a file in it: ${path.join(file, 'weights.safetensors')}`,
    );
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new UserError(`-o: there is no folder ${folder}`, `make it first: mkdir -p ${folder}`);
  // Renaming onto a device or a pipe would put a plain file in its place.
  if (kind !== undefined && !kind.isFile())
    throw new UserError(
      `-o: ${file} is no plain file`,
      'leave -o out where the weights are not wanted',
    );
  // Only writing tells: permissions say nothing of a full or a read-only disk.
  const probe = beside(file);
  try {
    writeFileSync(probe, '');
  } catch (error) {
    throw new UserError(`-o: nothing can be written in ${folder}: ${messageOf(error)}`);
  } finally {
    rmSync(probe, { force: true });
  }
}

/** The file has either its old content or the new one, whenever the process or the machine stops. Returns its bytes. */
export function writeWeightsFile(
  file: string,
  weights: Weights,
  metadata: Readonly<Record<string, string>>,
): number {
  const bytes = encodeSafetensors(weights, metadata);
  try {
    replaceFile(file, bytes);
  } catch (error) {
    throw new UserError(`the weights cannot be written to ${file}: ${messageOf(error)}`);
  }
  return bytes.length;
}

/** Throws UserError where there is no readable file, DataError where it is no safetensors file. */
export function readWeightsFile(file: string): Weights {
  return decodeWeights(readOrFail(file), file);
}

function readOrFail(file: string): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(readFileSync(file));
  } catch (error) {
    switch (codeOf(error)) {
      case 'ENOENT':
        throw new UserError(`there is no weights file ${file}`, '`nnc train … -o FILE` writes one');
      case 'EISDIR':
        throw new UserError(
          `${file} is a folder`,
          'give a .safetensors file, as `nnc train … -o FILE` writes',
        );
      default:
        throw new UserError(`the weights ${file} cannot be read: ${messageOf(error)}`);
    }
  }
}

function decodeWeights(bytes: Uint8Array<ArrayBuffer>, file: string): Weights {
  try {
    return decodeSafetensors(bytes, file).tensors;
  } catch (error) {
    if (error instanceof DataError && error.help === undefined)
      throw new UserError(
        error.message,
        'weights are safetensors files, as `nnc train … -o FILE` writes',
      );
    throw error;
  }
}
