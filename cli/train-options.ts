/** The options of `nnc train`, in groups as its help shows them. */

import type { Command } from 'commander';
import type { SetValue } from '../compiler/elaborate/options.ts';
import type { ColumnChoice } from '../compiler/model.ts';
import type { CheckpointFlags } from './checkpoint-plan.ts';
import { withCache, withColumns, withSet } from './model-options.ts';
import {
  batchSize,
  interval,
  keptName,
  notNegative,
  positiveInteger,
  positiveNumber,
  validationPart,
  wholeNumber,
} from './option-values.ts';
import type { CacheOption } from './plan-for.ts';
import { type ScheduleOption, withSchedule } from './schedule-option.ts';
import type { TrainFlags } from './train-settings.ts';
import type { WarningOptions } from './warnings.ts';

export interface TrainOptions
  extends TrainFlags,
    CheckpointFlags,
    WarningOptions,
    ScheduleOption,
    CacheOption {
  readonly data?: string;
  readonly columns?: ColumnChoice;
  readonly window?: number;
  readonly lr?: number;
  readonly optimizer?: string;
  readonly clip?: string;
  readonly logEvery?: number;
  readonly stats?: boolean;
  readonly traceNan?: boolean;
  readonly set?: Readonly<Record<string, SetValue>>;
  readonly output?: string;
  readonly weights?: string;
  readonly log?: string;
  readonly plot?: string;
}

export function withTrainOptions(command: Command): Command {
  for (const add of [dataOptions, lengthOptions, updateOptions, keepingOptions, runOptions])
    add(command);
  return command;
}

const dataOptions = (command: Command): Command =>
  withColumns(
    command
      .optionsGroup('Data:')
      .option('--data <path>', 'a file, a folder, the name of a data set, or - for standard input'),
  )
    .option('--window <n>', 'characters in a row, where the data are a text', positiveInteger)
    .option('--limit <n>', 'use only the first n rows of the training data', positiveInteger)
    .option(
      '--validation <part>',
      'a fraction of the rows, such as 0.1, `test`, or a file of its own',
      validationPart,
    )
    .option('--no-shuffle', 'take the rows as they lie');

const lengthOptions = (command: Command): Command =>
  command
    .optionsGroup('How long:')
    .option('--epochs <n>', 'how often all rows are seen', positiveInteger)
    .option('--steps <n>', 'how many updates are made, in place of --epochs', positiveInteger)
    .option('--batch <n>', 'rows of an update, or `all`', batchSize)
    .option(
      '--monitor <name>',
      'the loss or metric that says which epoch is the best; `mae:min` where less is better',
    )
    .option(
      '--patience <n>',
      'end after so many epochs in a row without a better one',
      positiveInteger,
    )
    .option('--min-delta <x>', 'by how much a better epoch must be better', notNegative);

const updateOptions = (command: Command): Command =>
  withSet(
    command
      .optionsGroup('What is computed:')
      .option('--lr <x>', 'learning rate of the optimizer', positiveNumber)
      .option('--optimizer <text>', 'in place of the one in the file: "adam(lr=1e-3)"')
      .option('--clip <text>', 'in place of the one in the file: 1.0, "by_value(0.5)"')
      .option('--seed <n>', 'for initial values, random calls and the order of rows', wholeNumber),
  ).option('--weights <file>', 'begin with these weights in place of the initial values');

const keepingOptions = (command: Command): Command =>
  command
    .optionsGroup('What remains:')
    .option('-o, --output <file>', 'keep the weights here (safetensors)')
    .option('--keep <which>', 'the `last` weights, or those of the `best` epoch', keptName)
    .option('--checkpoint [file]', 'write checkpoints, from which a killed run can go on')
    .option(
      '--checkpoint-every <interval>',
      '500 (steps), 2epochs, 30s, 10min; 30s unless told',
      interval,
    )
    .option('--resume [file]', 'go on from a checkpoint, to the very same end')
    .option('--log <file>', 'write what happens as JSON, an object a line')
    .option('--plot <file>', 'draw the losses and metrics (SVG)');

const runOptions = (command: Command): Command =>
  withCache(
    withSchedule(
      command
        .optionsGroup('Options:')
        .option(
          '--log-every <n>',
          'print steps 1, 1 + n, …, each with what its batch gave before its update',
          positiveInteger,
        ),
    )
      .option(
        '--trace-nan',
        'run step by step, and name the first operation and line from which a loss or parameter is NaN or infinite',
      )
      .option('--stats', 'say at the end what a step cost: device, encoding, uploads, CPU')
      .option('--deny-warnings', 'do not train a model that `nnc check` warns about'),
  );
