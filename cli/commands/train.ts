/** `nnc train`: from a file to trained weights and a test result. */
import type { Command } from 'commander';
import type { Plan, Session } from '../../runtime/index.ts';
import {
  evaluate,
  evaluationBatch,
  type Feed,
  type FitResult,
  fit as fitModel,
  initialise,
  prepare,
  type Workload,
} from '../../train/index.ts';
import { checkTrainable } from '../check-trainable.ts';
import type { Context } from '../context.ts';
import { Ended, EXIT } from '../failure.ts';
import { deviceText, type Gpu, withGpu, withSession } from '../gpu.ts';
import { catchInterrupts } from '../interrupt.ts';
import { type LoadedModel, loadModel } from '../load-model.ts';
import { parametersText } from '../model-text.ts';
import { counted, durationText } from '../numbers.ts';
import {
  batchSize,
  positiveInteger,
  positiveNumber,
  type SetValue,
  setting,
  validationPart,
  wholeNumber,
} from '../option-values.ts';
import { prepareTrainData, type TrainData } from '../train-data.ts';
import { createTrainReport, type TrainReport } from '../train-report.ts';
import {
  scheduleFor,
  type TrainFlags,
  type TrainSettings,
  trainSettings,
} from '../train-settings.ts';
import { checkWritable } from '../weights-file.ts';
import { createWeightsSaver } from '../weights-saver.ts';

interface Flags extends TrainFlags {
  readonly data?: string;
  readonly lr?: number;
  readonly optimizer?: string;
  readonly logEvery?: number;
  readonly set?: Readonly<Record<string, SetValue>>;
  readonly output?: string;
}

export function registerTrain(program: Command, context: Context): void {
  program
    .command('train')
    .description('train a model as its `train { … }` says; options win over the file')
    .argument('<file>', 'the model, a .nn file')
    .option('--data <path>', 'a CSV file, a folder of IDX files, or the name of a data set')
    .option('--epochs <n>', 'how often all rows are seen', positiveInteger)
    .option('--steps <n>', 'how many updates are made, in place of --epochs', positiveInteger)
    .option('--batch <n>', 'rows of an update, or `all`', batchSize)
    .option('--limit <n>', 'use only the first n rows of the training data', positiveInteger)
    .option('--validation <part>', 'a fraction of the rows, such as 0.1, or `test`', validationPart)
    .option('--lr <x>', 'learning rate of the optimizer', positiveNumber)
    .option('--optimizer <text>', 'in place of the one in the file: "adam(lr=1e-3)"')
    .option('--seed <n>', 'for initial values, random calls and the order of rows', wholeNumber)
    .option('--no-shuffle', 'take the rows as they lie')
    .option(
      '--log-every <n>',
      'print steps 1, 1 + n, …, each with what its batch gave before its update',
      positiveInteger,
    )
    .option('--set <name=value>', 'the value of a `const` of the file; may be repeated', setting)
    .option('-o, --output <file>', 'keep the weights here (safetensors), written after every epoch')
    .action(async (file: string, flags: Flags, command: Command) => {
      if (flags.epochs !== undefined && flags.steps !== undefined)
        command.error('error: give --epochs or --steps, not both');
      // commander gives `shuffle: true` where nobody asked for anything.
      const { shuffle, ...others } = flags;
      await train(file, shuffle === false ? flags : others, context);
    });
}

async function train(file: string, flags: Flags, context: Context): Promise<void> {
  const { env, terminal, now } = context;
  const loaded = loadModel(file, flags, terminal);
  checkTrainable(loaded, flags);
  if (flags.output !== undefined) checkWritable(flags.output);
  const settings = trainSettings(loaded.model.train, flags);
  const data = await prepareTrainData(loaded, settings, flags.data, env);
  const report = createTrainReport(terminal, now);
  report.fact('model', `${file}: ${parametersText(loaded.model)}`);
  report.fact('data', data.text);
  const interrupt = catchInterrupts(() => report.line('stopping after the steps under way …'), now);
  try {
    await withGpu({ env }, (gpu) =>
      trainOn(gpu, { loaded, settings, data, flags, report, signal: interrupt.signal, now }),
    );
  } finally {
    report.live.clear();
    await interrupt.release();
  }
}

interface Task {
  readonly loaded: LoadedModel;
  readonly settings: TrainSettings;
  readonly data: TrainData;
  readonly flags: Flags;
  readonly report: TrainReport;
  readonly signal: AbortSignal;
  readonly now: () => number;
}

async function trainOn(gpu: Gpu, task: Task): Promise<void> {
  const { loaded, settings, data, report, now } = task;
  report.fact('device', deviceText(gpu.opened));
  const began = now();
  const { batch, steps } = scheduleFor(settings, data.train.rows);
  const evals = evaluations(data, settings, batch);
  const train: Workload = { kind: 'train', feed: data.train, batch };
  const { plan } = prepare(loaded.model, [train, ...evals.values()], { device: gpu.profile });
  await withSession(gpu, plan, async (session) => {
    initialise(session, loaded.model);
    report.fact('compiled', compiledText(plan, batch, (now() - began) / 1000));
    report.line('');
    const result = await run(session, task, { batch, steps, evals });
    await finish(session, task, result, evals);
  });
}

type Evaluations = ReadonlyMap<Feed, Workload>;

/** Rows of an evaluation step: all where a training step takes all, else what divides the sets well. */
function evaluations(
  { validation, test }: TrainData,
  { batch }: TrainSettings,
  trainBatch: number,
): Evaluations {
  const feeds = [...new Set([validation, test])].filter((feed) => feed !== undefined);
  const common = evaluationBatch(
    feeds.map((feed) => feed.rows),
    trainBatch,
  );
  return new Map(
    feeds.map((feed) => [
      feed,
      { kind: 'eval', feed, batch: batch === 'all' ? feed.rows : Math.min(feed.rows, common) },
    ]),
  );
}

async function run(
  session: Session,
  { loaded: { model }, settings, data, flags, report, signal, now }: Task,
  plan: { readonly batch: number; readonly steps: number; readonly evals: Evaluations },
): Promise<FitResult> {
  const saver = createWeightsSaver(session, model, flags.output);
  const validation = data.validation && plan.evals.get(data.validation);
  try {
    const result = await fitModel(session, {
      model,
      feed: data.train,
      batch: plan.batch,
      steps: plan.steps,
      seed: settings.seed,
      shuffle: settings.shuffle,
      ...(validation === undefined ? {} : { validation }),
      ...(flags.logEvery === undefined ? {} : { logEvery: flags.logEvery }),
      signal,
      now,
      async on(event) {
        if (event.kind === 'checkpoint') await saver.save(event.place.step);
        else report.on(event);
      },
    });
    report.line('');
    report.trained(result);
    report.fact('weights', saver.text);
    return result;
  } catch (error) {
    throw saver.explain(error);
  }
}

async function finish(
  session: Session,
  { loaded: { model }, data, report, signal }: Task,
  result: FitResult,
  evals: Evaluations,
): Promise<void> {
  if (result.stopped) throw new Ended(EXIT.interrupted);
  const { test, validation } = data;
  const workload = test && evals.get(test);
  if (test === undefined || workload === undefined) return;
  const values =
    test === validation && result.validation !== undefined
      ? result.validation
      : (await evaluate(session, model, test, workload.batch, signal)).values;
  if (signal.aborted) throw new Ended(EXIT.interrupted);
  report.test(values, test.rows);
}

function compiledText(plan: Plan, batch: number, seconds: number): string {
  const dispatches = plan.programs[0]?.dispatches.length ?? 0;
  const step = `a step of ${counted(batch, 'row')} is ${dispatches === 1 ? '1 dispatch' : `${dispatches} dispatches`}`;
  return `${counted(plan.kernels.length, 'kernel')} in ${durationText(seconds)}; ${step}`;
}
