/** One training run on a device: what it goes on from, the loop and everything that listens to it, the test at its end. */
import type { CompileOptions } from '../compiler/compile.ts';
import { type Plan, type Session, totalOf } from '../runtime/index.ts';
import {
  evaluate,
  evaluationBatch,
  type Feed,
  type FitResult,
  type FitState,
  fit as fitModel,
  initialise,
  kernelChoice,
  type Monitor,
  type RunIdentity,
  restoreCheckpoint,
  runIdentity,
  scheduleFor,
  type Weights,
  type Workload,
  watchForNaN,
  writeWeights,
} from '../train/index.ts';
import { type CheckpointPlan, checkGoesOn } from './checkpoint-plan.ts';
import { Ended, EXIT } from './failure.ts';
import { deviceHint, deviceText, type Gpu, withSession } from './gpu.ts';
import { type Course, createHistory } from './history.ts';
import type { LoadedModel } from './load-model.ts';
import type { Kept } from './monitor-setting.ts';
import { counted, durationText } from './numbers.ts';
import { otherKernels } from './other-kernels.ts';
import { type CacheOption, planFor } from './plan-for.ts';
import { createRunKeeper, type RunKeeper } from './run-keeper.ts';
import { numbers, type RunLog } from './run-log.ts';
import { statisticsText } from './statistics-text.ts';
import type { TrainData } from './train-data.ts';
import type { TrainReport } from './train-report.ts';
import type { TrainSettings } from './train-settings.ts';

export interface TrainTask extends CacheOption {
  readonly loaded: LoadedModel;
  readonly settings: TrainSettings;
  readonly data: TrainData;
  readonly monitor: Monitor | undefined;
  readonly kept: Kept;
  readonly checkpoints: CheckpointPlan;
  /** To begin with, in place of the initial values. */
  readonly weights: { readonly file: string; readonly tensors: Weights } | undefined;
  /** `--schedule`. */
  readonly schedules: Pick<CompileOptions, 'schedules'>;
  /** `--measured`. */
  readonly measured: boolean;
  /** `-o`. */
  readonly output: string | undefined;
  readonly logEvery: number | undefined;
  /** `--stats`. */
  readonly stats: boolean;
  /** `--trace-nan`. */
  readonly traceNan: boolean;
  readonly report: TrainReport;
  readonly log: RunLog | undefined;
  /** Shows the course of the run, once it is over. */
  draw(course: Course, stepsInEpoch: number): void;
  readonly signal: AbortSignal;
  readonly now: () => number;
}

type Evaluations = ReadonlyMap<Feed, Workload>;

interface Schedule {
  readonly batch: number;
  readonly steps: number;
  readonly evals: Evaluations;
  readonly identity: RunIdentity | undefined;
}

/** Throws TrainingError, Ended where it was interrupted, and what the device and the files throw. */
export async function trainOn(gpu: Gpu, task: TrainTask): Promise<void> {
  const { loaded, settings, data, report, now, checkpoints } = task;
  const { model } = loaded;
  const device = deviceText(gpu.opened);
  report.fact('device', `${device}${deviceHint(gpu.opened)}`);
  const began = now();
  const { batch, steps } = scheduleFor(settings, data.train.rows);
  const identity = checkpoints.file === undefined ? undefined : identityOf(task, batch, device);
  const { from } = checkpoints;
  if (identity !== undefined && from !== undefined) checkGoesOn(from, model, identity, steps);
  const evals = evaluations(data, settings, batch);
  const training: Workload = { kind: 'train', feed: data.train, batch };
  const { plan, kept } = await planFor(loaded, [training, ...evals.values()], gpu, task);
  const validation = data.validation && evals.get(data.validation);
  const run = identity && {
    ...identity,
    kernels: kernelsOf(task, plan, validation === undefined ? [training] : [training, validation]),
  };
  const warning = run && from && otherKernels(from.file, from.checkpoint.record.run, run);
  if (warning !== undefined) report.warn(warning);
  const options = {
    timestamps: task.stats,
    onPipeline: (ready: number, all: number) => report.live.note(`kernels ${ready}/${all}`),
  };
  const body = async (session: Session): Promise<void> => {
    initialise(session, model);
    if (task.weights !== undefined)
      writeWeights(session, model, task.weights.tensors, task.weights.file);
    if (from !== undefined) restoreCheckpoint(session, model, from.checkpoint);
    report.fact('compiled', compiledText(plan, batch, kept, (now() - began) / 1000));
    announce(task, from?.checkpoint.record.state, { batch, steps, device });
    const cpu = process.cpuUsage();
    const result = await train(session, task, { batch, steps, evals, identity: run });
    if (task.stats) await reportStatistics(session, task, result, cpu);
    await finish(session, task, result, evals);
  };
  await withSession(gpu, plan, body, options);
}

function identityOf({ loaded, settings, data }: TrainTask, batch: number, device: string) {
  const { seed, shuffle } = settings;
  const { train: feed, validation } = data;
  return runIdentity({ model: loaded.model, feed, validation, batch, seed, shuffle, device });
}

/** Those that the run's weights and reports come from. */
const kernelsOf = (
  { loaded, schedules: { schedules = new Map() }, measured }: TrainTask,
  plan: Plan,
  workloads: readonly Workload[],
) =>
  kernelChoice(plan, loaded.model, workloads, {
    schedules: Object.fromEntries(schedules),
    measured,
  });

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

function announce(
  { loaded, settings, data, report, log, checkpoints }: TrainTask,
  from: FitState | undefined,
  facts: { readonly batch: number; readonly steps: number; readonly device: string },
): void {
  if (from !== undefined)
    report.fact('resumed', `${checkpoints.from?.file}, after step ${from.step} of ${facts.steps}`);
  else if (checkpoints.nothingYet)
    report.fact('resumed', `nothing: there is no ${checkpoints.file} yet`);
  report.line('');
  log?.write('start', {
    ...(from === undefined ? {} : { resumedAt: from.step }),
    model: loaded.model.name,
    data: data.train.name,
    rows: data.train.rows,
    ...(data.validation === undefined ? {} : { validationRows: data.validation.rows }),
    ...facts,
    stepsInEpoch: Math.ceil(data.train.rows / facts.batch),
    seed: settings.seed,
    shuffle: settings.shuffle,
  });
}

async function train(session: Session, task: TrainTask, schedule: Schedule): Promise<FitResult> {
  const { loaded, settings, data, report, log, signal, now, monitor, kept } = task;
  const { model } = loaded;
  const { from, file, every } = task.checkpoints;
  const { batch, steps, identity } = schedule;
  const saved = from?.checkpoint;
  const history = createHistory(saved?.record.notes);
  const keeper = createRunKeeper(session, {
    model,
    output: task.output,
    kept,
    best: saved?.best,
    classes: data.classes,
    ...(file === undefined || identity === undefined
      ? {}
      : { checkpoints: { file, run: identity } }),
    log,
    notes: () => ({ train: history.train, validation: history.validation }),
    now,
  });
  const validation = data.validation && schedule.evals.get(data.validation);
  const tracing = task.traceNan ? await watchForNaN(session, loaded) : {};
  try {
    const result = await fitModel(session, {
      model,
      feed: data.train,
      batch,
      steps,
      seed: settings.seed,
      shuffle: settings.shuffle,
      ...(validation && {
        validate: () => evaluate(session, model, validation.feed, validation.batch, signal),
      }),
      ...(task.logEvery === undefined ? {} : { logEvery: task.logEvery }),
      ...(monitor === undefined ? {} : { monitor }),
      ...(file === undefined ? {} : { checkpointEvery: every }),
      ...(saved === undefined ? {} : { from: saved.record.state }),
      ...tracing,
      signal,
      now,
      async on(event) {
        report.on(event);
        history.record(event);
        log?.on(event);
        await keeper.on(event);
      },
    });
    await keeper.finish(result);
    end(task, result, keeper, history);
    return result;
  } catch (error) {
    throw keeper.explain(error);
  }
}

function end(task: TrainTask, result: FitResult, keeper: RunKeeper, history: Course): void {
  const { report, log, monitor, kept } = task;
  if (result.place.step > 0) report.line('');
  task.draw(history, result.place.stepsInEpoch);
  report.trained(result);
  const { best } = result.monitor;
  if (monitor !== undefined && best !== undefined)
    report.best(best, monitor, kept === 'best', result.place);
  report.fact('weights', keeper.weightsText);
  if (keeper.checkpointText !== undefined) report.fact('resumable', keeper.checkpointText);
  if (result.outcome === 'stopped' && keeper.checkpointText !== undefined)
    report.line('the same command with --resume goes on from there');
  const { step, epoch } = result.place;
  log?.write('end', {
    step,
    epoch,
    outcome: result.outcome,
    seconds: Number(result.seconds.toFixed(3)),
  });
}

/** `before`: the process's CPU time when the training began. */
async function reportStatistics(
  session: Session,
  { report }: TrainTask,
  { trainingSeconds, place }: FitResult,
  before: NodeJS.CpuUsage,
): Promise<void> {
  if (place.step === 0) return;
  await session.settle();
  const { user, system } = process.cpuUsage(before);
  const runners = session.plan.programs.filter((one) => one.kind === 'train');
  const statistics = totalOf(runners.map((one) => session.runner(one.name).statistics()));
  const cost = { statistics, trainingMs: trainingSeconds * 1000, cpuMs: (user + system) / 1000 };
  for (const [label, text] of statisticsText(cost)) report.fact(label, text);
}

async function finish(
  session: Session,
  { loaded: { model }, data, report, log, signal, kept }: TrainTask,
  result: FitResult,
  evals: Evaluations,
): Promise<void> {
  if (result.outcome === 'stopped') throw new Ended(EXIT.interrupted);
  const { test, validation } = data;
  const workload = test && evals.get(test);
  if (test === undefined || workload === undefined) return;
  // The best weights need not be the last ones, which were validated.
  const values =
    test === validation && result.validation !== undefined && kept === 'last'
      ? result.validation
      : (await evaluate(session, model, test, workload.batch, signal)).values;
  if (signal.aborted) throw new Ended(EXIT.interrupted);
  report.test(values, test.rows);
  log?.write('test', { step: result.place.step, rows: test.rows, values: numbers(values) });
}

function compiledText(plan: Plan, batch: number, kept: boolean, seconds: number): string {
  const dispatches = plan.programs[0]?.dispatches.length ?? 0;
  const step = `a step of ${counted(batch, 'row')} is ${dispatches === 1 ? '1 dispatch' : `${dispatches} dispatches`}`;
  const known = kept ? ' (plan of an earlier run)' : '';
  return `${counted(plan.kernels.length, 'kernel')} in ${durationText(seconds)}${known}; ${step}`;
}
