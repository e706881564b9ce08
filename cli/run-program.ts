/** Runs the module of a program for its exports; where it fails, says at which line. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { UserError } from './failure.ts';
import { messageOf } from './source-file.ts';

export type Exports = Readonly<Record<string, unknown>>;

/**
 * Throws UserError where the module waits for what never comes; else what it throws itself, for `programFailure`.
 * While it waits for something that may come, so does this.
 */
export async function runProgram(file: string): Promise<Exports> {
  let stop: () => void = () => undefined;
  // Node would end here without a word: nothing is left that could go on.
  const stuck = new Promise<never>((_, reject) => {
    stop = () =>
      reject(
        new UserError(
          `${file} never ends: it waits for something that does not come`,
          'an `await` outside of a function is for a promise that is settled in the end',
        ),
      );
    process.once('beforeExit', stop);
  });
  try {
    return await Promise.race([
      import(pathToFileURL(path.resolve(file)).href) as Promise<Exports>,
      stuck,
    ]);
  } finally {
    process.off('beforeExit', stop);
  }
}

/** An error of the program's own, with its line. */
export function programFailure(file: string, error: unknown): UserError {
  const place = placeOf(file, error);
  const said = `ends with an error: ${messageOf(error)}`;
  if (place !== undefined)
    return new UserError(`${place.name}:${place.line} ${said}\n${excerpt(place)}`);
  return new UserError(
    `${file} ${said}`,
    error instanceof SyntaxError ? `\`node --check ${file}\` says where` : undefined,
  );
}

interface LineOfFile {
  readonly url: string;
  /** As the user wrote it, or from the current folder. */
  readonly name: string;
  readonly line: number;
}

/** The line that a mistake of syntax is said of, before the stack; else the first of the stack in a file of the user's. */
function placeOf(file: string, error: unknown): LineOfFile | undefined {
  if (!(error instanceof Error)) return undefined;
  const { stack = '' } = error;
  const [, said, saidLine] = /^(file:\/\/\S+):(\d+)\n/.exec(stack) ?? [];
  if (said !== undefined) return { url: said, name: nameOf(file, said), line: Number(saidLine) };
  for (const [, url = '', line] of stack.matchAll(/(file:\/\/[^\s()]+?):(\d+):\d+\)?$/gm))
    if (fileURLToPath(url) === path.resolve(file) || !isOurs(url))
      return { url, name: nameOf(file, url), line: Number(line) };
  return undefined;
}

const root = new URL('..', import.meta.url).href;
const isOurs = (url: string): boolean => url.startsWith(root) || url.includes('/node_modules/');

function nameOf(file: string, url: string): string {
  const found = fileURLToPath(url);
  return found === path.resolve(file) ? file : path.relative('', found);
}

function excerpt({ url, line }: LineOfFile): string {
  const text = readFileSync(new URL(url), 'utf8').split(/\r?\n/)[line - 1] ?? '';
  return `  ${line} | ${text.trim()}`;
}
