/** Files that are written whole or not at all: a kill, a crash or a full disk leaves the old content in place. */
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { EXIT, UserError } from './failure.ts';
import { beside, replaceFile } from './replace-file.ts';
import { codeOf, messageOf } from './source-file.ts';

/** What is written, as messages speak of it. */
export interface Written {
  /** Where the user gave its name: `-o`. */
  readonly option: string;
  /** `weights`. */
  readonly what: string;
  /** `weights.safetensors`. */
  readonly example: string;
}

/** Says before a long run that what it makes could not be written. */
export function checkWritable(file: string, { option, what, example }: Written): void {
  if (file === '')
    throw new UserError(`${option} needs the name of a file`, `${option} ${example}`, EXIT.usage);
  const folder = path.dirname(file);
  checkFolder(file, option);
  const kind = statSync(file, { throwIfNoEntry: false });
  if (kind?.isDirectory())
    throw new UserError(
      `${option}: ${file} is a folder`,
      `give a file in it: ${path.join(file, example)}`,
    );
  // Renaming onto a device or a pipe would put a plain file in its place.
  if (kind !== undefined && !kind.isFile())
    throw new UserError(
      `${option}: ${file} is no plain file`,
      `leave ${option} out where the ${what} are not wanted`,
    );
  // Only writing tells: permissions say nothing of a full or a read-only disk.
  const probe = beside(file);
  try {
    writeFileSync(probe, '');
  } catch (error) {
    throw new UserError(`${option}: nothing can be written in ${folder}: ${messageOf(error)}`);
  } finally {
    rmSync(probe, { force: true });
  }
}

/** Says before a long run that there is no folder for the file. */
export function checkFolder(file: string, option: string): void {
  if (file === '') throw new UserError(`${option} needs the name of a file`, undefined, EXIT.usage);
  const folder = path.dirname(file);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new UserError(
    `${option}: there is no folder ${folder}`,
    `make it first: mkdir -p ${folder}`,
  );
}

/**
 * The file has either its old content or the new one, whenever the process or the machine stops. Throws UserError;
 * `what` names the content.
 */
export function writeWhole(file: string, content: Uint8Array | string, what: string): void {
  try {
    replaceFile(file, content);
  } catch (error) {
    throw new UserError(`${what} cannot be written to ${file}: ${messageOf(error)}`);
  }
}

/** Takes away what processes that were killed while writing this file have left beside it. */
export function removeLeftovers(file: string): void {
  const folder = path.dirname(file);
  const name = path.basename(file);
  for (const entry of namesIn(folder)) {
    if (!entry.startsWith(`.${name}.`) || !entry.endsWith('.new')) continue;
    const writer = Number(entry.slice(name.length + 2, -'.new'.length));
    if (Number.isSafeInteger(writer) && writer > 0 && !runs(writer))
      rmSync(path.join(folder, entry), { force: true });
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}
