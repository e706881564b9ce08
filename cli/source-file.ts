/** Reads a model file, or says why it cannot be read. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { nearest, type Source } from '../grammar/index.ts';
import { codeOf } from '../host/node.ts';
import { UserError } from './failure.ts';
import { grouped } from './numbers.ts';
import { readAtMost } from './read-bytes.ts';

/** A hundred times the longest model; reading takes time that grows with the text. */
const LONGEST = 2 ** 20;

/** The text of a `.nn` file; its name in messages is the path as it was given. */
export function readSource(file: string): Source {
  const bytes = readOrFail(file);
  if (bytes === undefined)
    throw new UserError(
      `${file} has more than the ${grouped(LONGEST)} bytes that a model file may have`,
      OTHER_FILES,
    );
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { name: file, text };
  } catch {
    throw new UserError(`${file} is not UTF-8 text`, OTHER_FILES);
  }
}

const OTHER_FILES =
  'a model file is plain text; weights are given with --weights, data with --data';

function readOrFail(file: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return readAtMost(file, LONGEST);
  } catch (error) {
    switch (codeOf(error)) {
      case 'ENOENT':
        throw new UserError(`there is no file ${file}`, suggestion(file));
      case 'ENOTDIR':
        throw new UserError(`there is no file ${file}`);
      case 'EISDIR':
        throw new UserError(`${file} is a folder`, namesIn(file));
      case 'EACCES':
        throw new UserError(`${file} may not be read by this user`);
      default:
        throw new UserError(`${file} cannot be read: ${messageOf(error)}`);
    }
  }
}

/** A file of nearly this name in the same folder. */
function suggestion(file: string): string | undefined {
  const folder = path.dirname(file);
  const near = nearest(path.basename(file), modelsIn(folder));
  const withEnding = modelsIn(folder).find((name) => name === `${path.basename(file)}.nn`);
  const found = withEnding ?? near;
  return found === undefined ? undefined : `did you mean ${path.join(folder, found)}?`;
}

function namesIn(folder: string): string {
  const names = modelsIn(folder).map((name) => path.join(folder, name));
  if (names.length === 0) return 'give the path of a .nn file';
  return `give one of its files: ${names.slice(0, 8).join(', ')}${names.length > 8 ? ', …' : ''}`;
}

function modelsIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.nn'));
  } catch {
    return [];
  }
}

export { codeOf };

export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
