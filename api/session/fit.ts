/** `session.fit`: from data and options to a training loop, over a table of rows or over a stream of batches. */
import { metricNames } from '../../compiler/programs.ts';
import { type ClassNames, classesOf, take } from '../../data/index.ts';
import {
  type Evaluation,
  evaluateAll,
  evaluationBatch,
  type Feed,
  type FitResult,
  fitStream,
  fit as fitTable,
  kernelChoice,
  type RunIdentity,
  type RunOptions,
  runIdentity,
  stepsOf,
  type Workload,
  watchForNaN,
} from '../../train/index.ts';
import type { Callback, History, Run } from '../callbacks/callback.ts';
import type { Source, StreamSource, TableSource } from '../data/source.ts';
import { splitTable } from '../data/source.ts';
import { UsageError } from '../usage-error.ts';
import { type Context, modelOf, readData, streamFeeds, tableFeed } from './context.ts';
import { type FitSettings, fitSettings } from './fit-settings.ts';
import { createListener } from './listener.ts';
import { partsOf } from './measure.ts';
import type { FitOptions, ModelSession } from './model-session.ts';
import { checkResumed, hasRates, putBack, type Resumed, readResumed } from './resume.ts';
import { watchingOf } from './watching.ts';

/** Everything that both loops need. */
interface Task {
  readonly context: Context;
  readonly options: FitOptions;
  readonly settings: FitSettings;
  readonly callbacks: readonly Callback[];
  readonly validation: Source | undefined;
  readonly resumed: Resumed | undefined;
  readonly session: ModelSession;
}

export async function runFit(
  context: Context,
  session: ModelSession,
  data: unknown,
  options: FitOptions,
): Promise<History> {
  const { callbacks = [] } = options;
  const model = modelOf(context);
  checkTrainable(context);
  const settings = fitSettings(model.train, options, context.batch);
  const given = readData(context, data, 'training data');
  const { train, validation } = divide(context, limited(given, settings), options, settings);
  const resumed = options.resume === undefined ? undefined : await readResumed(options.resume);
  const tunes = callbacks.some((callback) => callback.learningRate !== undefined);
  if (tunes || (resumed !== undefined && hasRates(resumed))) await context.rates.free();
  const measured = metricNames(model, 'eval').length > 0 ? validation : undefined;
  const task = { context, options, settings, callbacks, validation: measured, resumed, session };
  return train.kind === 'table' ? await overTable(task, train) : await overStream(task, train);
}

function checkTrainable(context: Context): void {
  const { optimization, training, params } = modelOf(context);
  const paths = new Set(params.map((param) => param.path));
  if (optimization !== undefined || training.updates.some(({ path }) => paths.has(path))) return;
  throw new UsageError(
    'the model has nothing to train: neither an optimizer nor an `update` of a parameter',
    'give it a loss and an optimizer: `train { optimizer: adam() }`',
  );
}

const limited = (source: Source, { limit }: FitSettings): Source =>
  source.kind === 'table' && limit !== undefined
    ? { ...source, table: take(source.table, limit) }
    : source;

/** What to train on, and what to validate on. */
function divide(
  context: Context,
  source: Source,
  { validation: given }: FitOptions,
  settings: FitSettings,
): { readonly train: Source; readonly validation?: Source } {
  const wish = given ?? modelOf(context).train.validation;
  if (wish === undefined || wish === false) return { train: source };
  if (wish === 'test') {
    if (source.kind === 'table' && source.test !== undefined)
      return { train: source, validation: { ...source, table: source.test } };
    // The section speaks of the data that it names; these are others.
    return { train: source };
  }
  if (typeof wish === 'string') return { train: source };
  if (typeof wish !== 'number')
    return { train: source, validation: readData(context, wish, 'validation data') };
  if (source.kind === 'table') return splitTable(source, wish, settings);
  if (given === undefined) return { train: source };
  throw new UsageError(
    'a part of a stream cannot be set apart for validation',
    'give data of their own, `validation: dataset(…)`; `dataset(rows).split(0.1)` makes two of one list',
  );
}

async function overTable(task: Task, source: TableSource): Promise<History> {
  const { context, settings } = task;
  const { programs } = context;
  const model = modelOf(context);
  const feed = await tableFeed(context, 'train', source);
  const batch = settings.batch === 'all' ? feed.rows : Math.min(settings.batch, feed.rows);
  const { length, seed, shuffle } = settings;
  const steps = 'steps' in length ? length.steps : stepsOf(feed.rows, batch, length.epochs);
  const validation = await validationFeed(task, batch);
  context.classes = fedClasses(source, feed);
  const training: Workload = { kind: 'train', feed, batch };
  const workloads = validation === undefined ? [training] : [training, validation];
  await programs.ensure(workloads);
  const identity = (): RunIdentity => ({
    ...runIdentity({
      model,
      feed,
      validation: validation?.feed,
      batch,
      seed,
      shuffle,
      device: context.on.name,
    }),
    kernels: kernelChoice(programs.plan, model, workloads, { schedules: {}, measured: false }),
  });
  return await listened(task, validation !== undefined, identity, (run) =>
    fitTable(programs.session, {
      ...run,
      feed,
      batch,
      steps,
      seed,
      shuffle,
      ...(validation && { validation }),
      disturbed() {
        const { disturbed } = context;
        context.disturbed = false;
        return disturbed;
      },
    }),
  );
}

/** Of the columns that the model reads. */
function fedClasses({ table }: TableSource, feed: Feed): ClassNames {
  const fed = new Set(feed.columns.map(({ column }) => column));
  return Object.fromEntries(Object.entries(classesOf(table)).filter(([column]) => fed.has(column)));
}

/** A table to validate on; in steps like those of training, or larger where that needs no program for a rest. */
async function validationFeed(
  { context, validation, settings }: Task,
  batch: number,
): Promise<(Workload & { readonly feed: Feed }) | undefined> {
  if (validation?.kind !== 'table') {
    if (validation === undefined) return undefined;
    throw new UsageError(
      'rows in memory are validated on rows in memory, and these are a stream',
      'give columns, a list of rows or a table; or train on a `dataset(…)` as well',
    );
  }
  const feed = await tableFeed(context, 'eval', validation);
  const rows =
    settings.batch === 'all' ? feed.rows : Math.min(feed.rows, evaluationBatch([feed.rows], batch));
  return { kind: 'eval', feed, batch: rows };
}

async function overStream(task: Task, source: StreamSource): Promise<History> {
  const { context, settings, validation, resumed } = task;
  const { programs } = context;
  const model = modelOf(context);
  const batch = settings.batch === 'all' ? Infinity : settings.batch;
  const { length, seed, shuffle } = settings;
  const epochs = 'epochs' in length ? length.epochs : Infinity;
  const steps = 'steps' in length ? length.steps : Infinity;
  if (source.elements.once && epochs > 1 && epochs < Infinity)
    throw new UsageError(
      `these rows can be gone through once, and ${epochs} epochs are wanted`,
      'give a function that makes them anew for every epoch, `dataset(() => rows())`, or `epochs: 1`',
    );
  const empty: Feed = { name: source.name, rows: 0, columns: [], sizes: {} };
  const identity = (): RunIdentity =>
    runIdentity({
      model,
      feed: empty,
      batch: batch === Infinity ? 0 : batch,
      seed,
      shuffle,
      device: context.on.name,
    });
  return await listened(task, validation !== undefined, identity, ({ from, ...run }) =>
    fitStream(programs.session, {
      ...run,
      epochs,
      steps,
      batches: (epoch) => streamFeeds(context, 'train', source, context.done.epochs + epoch, batch),
      prepare: (feed) => programs.ensure([{ kind: 'train', feed, batch: feed.rows }]),
      ...(validation && { validate: () => measure(task, validation, batch) }),
      ...(from && {
        from: { ...from, ...(resumed?.stream ?? { epoch: 0, stepOfEpoch: from.step }) },
      }),
    }),
  );
}

const measure = ({ context, options }: Task, source: Source, batch: number): Promise<Evaluation> =>
  evaluateAll(
    context.programs.session,
    modelOf(context),
    partsOf(context, 'eval', source, batch),
    options.signal,
  );

async function listened(
  task: Task,
  validates: boolean,
  identityOf: () => RunIdentity,
  loop: (run: RunOptions) => Promise<FitResult>,
): Promise<History> {
  const { context, options, callbacks, resumed, session } = task;
  const { programs, gate, rates, done, on } = context;
  const model = modelOf(context);
  const watching = watchingOf(model, callbacks, validates);
  const wish = one(
    callbacks.flatMap((callback) => callback.checkpoint ?? []),
    'checkpoint',
  );
  const schedule = one(
    callbacks.flatMap((callback) => callback.learningRate ?? []),
    'learningRateSchedule',
  );
  const identity = wish === undefined && resumed === undefined ? undefined : identityOf();
  if (resumed !== undefined && identity !== undefined) {
    checkResumed(model, resumed, identity);
    putBack(context, model, resumed);
  }
  const before = { ...done };
  let stopped = false;
  const run: Run = {
    session,
    resumed: resumed !== undefined,
    stop() {
      stopped = true;
    },
  };
  const listener = createListener(context, {
    callbacks,
    run,
    watching,
    checkpoint: wish === undefined || identity === undefined ? undefined : { wish, identity },
    earlier: { epochs: resumed?.epochs ?? [], best: resumed?.checkpoint.best },
    before,
  });
  const setRates = (epoch: number, step: number): void => {
    for (const path of rates.paths)
      if (schedule !== undefined)
        rates.set(path, schedule.at(schedule.per === 'step' ? step : epoch, rates.get(path)));
  };
  const logEvery = commonStep(callbacks);
  const release = programs.hold();
  try {
    await gate.callback(async () => {
      for (const callback of callbacks) await callback.onStart?.(run);
    });
    const { sources } = context.place;
    const tracing =
      options.traceNan === true ? await watchForNaN(programs.session, { model, sources }) : {};
    const result = await loop({
      ...tracing,
      model,
      before,
      ...(resumed && { from: resumed.checkpoint.record.state }),
      ...(wish && { checkpointEvery: wish.every }),
      ...(schedule && { beforeStep: { every: schedule.per, call: setRates } }),
      ...(watching && { monitor: watching.monitor }),
      ...(logEvery === undefined ? {} : { logEvery }),
      ...(options.signal && { signal: options.signal }),
      enough: () => stopped,
      now: on.runtime.now,
      on: (event) => listener.on(event),
    });
    const { step, epoch } = result.place;
    done.steps = before.steps + step;
    done.epochs = before.epochs + (step === 0 ? 0 : epoch);
    return await listener.finish(result);
  } finally {
    release();
  }
}

function one<T>(wishes: readonly T[], name: string): T | undefined {
  if (wishes.length <= 1) return wishes[0];
  throw new UsageError(`there are ${wishes.length} callbacks \`${name}\``, 'give one of them');
}

/** The steps that have to run alone, so that every `onStep` gets its own; undefined where there is none. */
function commonStep(callbacks: readonly Callback[]): number | undefined {
  const wanted = callbacks.flatMap(({ onStep, everySteps = 1 }) =>
    onStep === undefined ? [] : [everySteps],
  );
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  return wanted.length === 0 ? undefined : wanted.reduce(divisor);
}
