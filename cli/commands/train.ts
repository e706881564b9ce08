/** `nnc train`: from a file to trained weights and a test result. */
import type { Command } from 'commander';
import type { ColumnChoice } from '../../compiler/model.ts';
import { checkTrainable } from '../check-trainable.ts';
import { type CheckpointFlags, planCheckpoints } from '../checkpoint-plan.ts';
import type { Context } from '../context.ts';
import { withGpu } from '../gpu.ts';
import { catchInterrupts } from '../interrupt.ts';
import { loadModel } from '../load-model.ts';
import { withColumns } from '../model-options.ts';
import { parametersText } from '../model-text.ts';
import { keptWeights, monitorFor, monitorText } from '../monitor-setting.ts';
import {
  batchSize,
  interval,
  keptName,
  notNegative,
  positiveInteger,
  positiveNumber,
  type SetValue,
  setting,
  validationPart,
  wholeNumber,
} from '../option-values.ts';
import { drawCourse } from '../plot/draw-course.ts';
import { createRunLog } from '../run-log.ts';
import { prepareTrainData } from '../train-data.ts';
import { createTrainReport } from '../train-report.ts';
import { trainOn } from '../train-run.ts';
import { type TrainFlags, trainSettings } from '../train-settings.ts';
import { showWarnings, type WarningOptions } from '../warnings.ts';
import { readWeightsFile } from '../weights-file.ts';
import { checkWritable, removeLeftovers, type Written } from '../whole-file.ts';

interface Flags extends TrainFlags, CheckpointFlags, WarningOptions {
  readonly data?: string;
  readonly window?: number;
  readonly columns?: ColumnChoice;
  readonly lr?: number;
  readonly optimizer?: string;
  readonly clip?: string;
  readonly logEvery?: number;
  readonly set?: Readonly<Record<string, SetValue>>;
  readonly output?: string;
  readonly weights?: string;
  readonly log?: string;
  readonly plot?: string;
}

export function registerTrain(program: Command, context: Context): void {
  const command = program
    .command('train')
    .description('train a model as its `train { … }` says; options win over the file')
    .argument('<file>', 'the model, a .nn file')
    .option('--data <path>', 'a file, a folder, the name of a data set, or - for standard input');
  withColumns(command)
    .option('--window <n>', 'characters in a row, where the data are a text', positiveInteger)
    .option('--epochs <n>', 'how often all rows are seen', positiveInteger)
    .option('--steps <n>', 'how many updates are made, in place of --epochs', positiveInteger)
    .option('--batch <n>', 'rows of an update, or `all`', batchSize)
    .option('--limit <n>', 'use only the first n rows of the training data', positiveInteger)
    .option(
      '--validation <part>',
      'a fraction of the rows, such as 0.1, `test`, or a file of its own',
      validationPart,
    )
    .option('--lr <x>', 'learning rate of the optimizer', positiveNumber)
    .option('--optimizer <text>', 'in place of the one in the file: "adam(lr=1e-3)"')
    .option('--clip <text>', 'in place of the one in the file: 1.0, "by_value(0.5)"')
    .option('--seed <n>', 'for initial values, random calls and the order of rows', wholeNumber)
    .option('--no-shuffle', 'take the rows as they lie')
    .option(
      '--log-every <n>',
      'print steps 1, 1 + n, …, each with what its batch gave before its update',
      positiveInteger,
    )
    .option('--set <name=value>', 'the value of a `const` of the file; may be repeated', setting)
    .option('--weights <file>', 'begin with these weights in place of the initial values')
    .option('-o, --output <file>', 'keep the weights here (safetensors)')
    .option('--keep <which>', 'the `last` weights, or those of the `best` epoch', keptName)
    .option(
      '--monitor <name>',
      'the loss or metric that says which epoch is the best; `mae:min` where less is better',
    )
    .option(
      '--patience <n>',
      'end after so many epochs in a row without a better one',
      positiveInteger,
    )
    .option('--min-delta <x>', 'by how much a better epoch must be better', notNegative)
    .option('--checkpoint [file]', 'write checkpoints, from which a killed run can go on')
    .option(
      '--checkpoint-every <interval>',
      '500 (steps), 2epochs, 30s, 10min; 30s unless told',
      interval,
    )
    .option('--resume [file]', 'go on from a checkpoint, to the very same end')
    .option('--log <file>', 'write what happens as JSON, an object a line')
    .option('--deny-warnings', 'do not train a model that `nnc check` warns about')
    .option('--plot <file>', 'draw the losses and metrics (SVG)')
    .action(async (file: string, flags: Flags, command: Command) => {
      if (flags.epochs !== undefined && flags.steps !== undefined)
        command.error('error: give --epochs or --steps, not both');
      if (flags.weights !== undefined && flags.resume !== undefined)
        command.error('error: give --weights or --resume, not both: a checkpoint has its own');
      // commander gives `shuffle: true` where nobody asked for anything.
      const { shuffle, ...others } = flags;
      await train(file, shuffle === false ? flags : others, context);
    });
}

async function train(file: string, flags: Flags, context: Context): Promise<void> {
  const { env, terminal, now } = context;
  const loaded = loadModel(file, flags);
  const { model } = loaded;
  showWarnings(loaded, flags, terminal);
  checkTrainable(loaded, flags);
  checkFiles(flags);
  const settings = trainSettings(model.train, flags);
  const checkpoints = planCheckpoints(flags, model.train.checkpoint, model.name);
  const weights =
    flags.weights === undefined
      ? undefined
      : { file: flags.weights, ...readWeightsFile(flags.weights) };
  const { data: named, window } = flags;
  const data = await prepareTrainData(
    loaded,
    settings,
    { data: named, window, classes: weights?.classes },
    env,
  );
  const monitor = monitorFor(model, settings, data.validation !== undefined);
  const report = createTrainReport(terminal, now);
  report.fact('model', `${file}: ${parametersText(model)}`);
  report.fact('data', data.text);
  if (monitor !== undefined) report.fact('watched', monitorText(monitor));
  const resumedAt = checkpoints.from?.checkpoint.record.state.step;
  const log =
    flags.log === undefined
      ? undefined
      : createRunLog(flags.log, resumedAt, () => new Date().toISOString());
  const stopping = 'stopping after the steps under way … (Ctrl-C again ends at once)';
  const interrupt = catchInterrupts(() => report.line(stopping), now);
  try {
    await withGpu({ env }, (gpu) =>
      trainOn(gpu, {
        loaded,
        settings,
        data,
        monitor,
        kept: keptWeights(settings),
        checkpoints,
        weights,
        output: flags.output,
        logEvery: flags.logEvery,
        report,
        log,
        draw: (course, stepsInEpoch) =>
          drawCourse(course, stepsInEpoch, {
            terminal,
            report,
            file: flags.plot,
            title:
              model.name === data.train.name ? model.name : `${model.name}: ${data.train.name}`,
          }),
        signal: interrupt.signal,
        now,
      }),
    );
  } catch (error) {
    log?.failed(error);
    throw error;
  } finally {
    report.live.clear();
    await interrupt.release();
  }
}

const outputs: Readonly<Record<'output' | 'log' | 'plot', Written>> = {
  output: { option: '-o', what: 'weights', example: 'weights.safetensors' },
  log: { option: '--log', what: 'lines', example: 'run.jsonl' },
  plot: { option: '--plot', what: 'curves', example: 'run.svg' },
};

/** Before the long part: whether everything that is to be written can be. */
function checkFiles(flags: Flags): void {
  for (const name of ['output', 'log', 'plot'] as const) {
    const file = flags[name];
    if (file === undefined) continue;
    checkWritable(file, outputs[name]);
    removeLeftovers(file);
  }
}
