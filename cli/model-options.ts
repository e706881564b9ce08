/** Options that several commands share. */

import { type Command, Option } from 'commander';
import type { SetValue } from '../compiler/elaborate/options.ts';
import type { ColumnChoice } from '../compiler/model.ts';
import {
  batchSize,
  columnSetting,
  positiveInteger,
  setting,
  wholeNumber,
} from './option-values.ts';
import type { CacheOption } from './plan-for.ts';
import { type ScheduleOption, withSchedule } from './schedule-option.ts';

export interface SetOption {
  readonly set?: Readonly<Record<string, SetValue>>;
}

export const withSet = (command: Command): Command =>
  command.option(
    '--set <name=value>',
    'the value of a `const` of the file; may be repeated',
    setting,
  );

export const withCache = (command: Command): Command =>
  command.option('--no-cache', 'compile anew, whatever earlier runs have compiled');

export interface RowOptions extends SetOption, ScheduleOption, CacheOption {
  readonly weights?: string;
  readonly data?: string;
  readonly limit?: number;
  readonly batch?: number | 'all';
  /** Absent: those for testing or, where there are none, all. */
  readonly rows?: 'train' | 'validation' | 'test';
  readonly seed?: number;
  readonly window?: number;
  readonly columns?: ColumnChoice;
  readonly traceNan?: boolean;
}

/** For the commands that read data. */
export const withColumns = (command: Command): Command =>
  command.option(
    '--columns <input=column>',
    'which column, c0..c3 or "[a, b]" feeds an input; may be repeated',
    columnSetting,
  );

/** For the commands that run trained weights over rows of data. */
export const withRows = (command: Command): Command =>
  withCache(
    withSchedule(
      withSet(withColumns(command))
        .argument('<file>', 'the model: a .nn file, or a program that exports it')
        .option('--weights <file>', 'trained weights, as `nnc train -o` writes them')
        .option(
          '--data <path>',
          'a file, a folder, the name of a data set, or - for standard input',
        )
        .option('--window <n>', 'characters in a row, where the data are a text', positiveInteger)
        .option('--limit <n>', 'use only the first n rows', positiveInteger)
        .addOption(
          new Option(
            '--rows <part>',
            'in place of those for testing or, without such, all',
          ).choices(['train', 'validation', 'test']),
        )
        .option('--batch <n>', 'rows that are computed at once, or `all`', batchSize)
        .option('--seed <n>', 'for random calls', wholeNumber)
        .option(
          '--trace-nan',
          'where a result is NaN or infinite, name the first operation and line that is',
        ),
    ),
  );

/** `-o -` is standard output, as if nothing were named. */
export function withoutDash<O extends { readonly output?: string }>(
  options: O,
): Omit<O, 'output'> & { readonly output?: string } {
  const { output, ...others } = options;
  return output === undefined || output === '-' ? others : { ...others, output };
}
