/** `--schedule`: schedules by hand for the commands that compile, one kernel at a time or a file of them. */
import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import type { CompileOptions } from '../compiler/compile.ts';
import { messageOf } from './source-file.ts';

export interface ScheduleOption {
  /** Settings by kernel, in the order given; the last word on a kernel counts. */
  readonly schedule?: Readonly<Record<string, string>>;
  /**
   * Rank schedules by what this device was measured to cost. Not unless asked: what a class costs is the same on
   * every machine and every day, and so are the kernels and the last bits of what they compute.
   */
  readonly measured?: boolean;
}

export const withSchedule = (command: Command): Command =>
  command
    .option(
      '--schedule <kernel=settings>',
      'how a kernel runs: k03="workgroup=64 width=4", or a .json file of such; may be repeated',
      scheduleSetting,
    )
    .option(
      '--measured',
      'choose how kernels run by what this very device was measured to take, not by its class',
    );

/** What the compiler takes of it. */
export const schedulesOf = ({ schedule }: ScheduleOption): Pick<CompileOptions, 'schedules'> =>
  schedule === undefined ? {} : { schedules: new Map(Object.entries(schedule)) };

export function scheduleSetting(
  text: string,
  earlier: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  if (text.endsWith('.json')) return { ...earlier, ...fileOf(text) };
  const [, kernel, settings] = /^\s*(\w+)\s*=\s*(.*\S)\s*$/s.exec(text) ?? [];
  if (kernel === undefined || settings === undefined)
    throw new InvalidArgumentError(
      'It takes KERNEL=SETTINGS, as in `--schedule k03="variant=direct rows=4"`, or a .json file.',
    );
  return { ...earlier, [kernel]: settings };
}

/** `{ "k03": "variant=direct rows=4" }`. */
function fileOf(path: string): Readonly<Record<string, string>> {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new InvalidArgumentError(`${path} cannot be read: ${messageOf(error)}`);
  }
  const entries = typeof content === 'object' && content !== null ? Object.entries(content) : [];
  const texts = entries.filter((e): e is [string, string] => typeof e[1] === 'string');
  if (entries.length === 0 || texts.length < entries.length)
    throw new InvalidArgumentError(
      `${path} has to be an object of settings by kernel: { "k03": "variant=direct rows=4" }.`,
    );
  return Object.fromEntries(texts);
}
