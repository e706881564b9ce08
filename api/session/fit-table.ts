/** A training run over rows in memory, or in a file, that can be reached by number. */
import { type ClassNames, classesOf } from '../../data/index.ts';
import {
  type Feed,
  fit as fitTable,
  kernelChoice,
  type RunIdentity,
  runIdentity,
  scheduleFor,
  type Workload,
} from '../../train/index.ts';
import type { History } from '../callbacks/callback.ts';
import type { TableSource } from '../data/source.ts';
import { modelOf, tableFeed } from './context.ts';
import { type FitTask, trainingRun } from './training-run.ts';
import { validationOf } from './validation.ts';

export async function overTable(task: FitTask, source: TableSource): Promise<History> {
  const { context, settings } = task;
  const { programs } = context;
  const model = modelOf(context);
  const feed = await tableFeed(context, 'train', source);
  const { batch, steps } = scheduleFor(settings, feed.rows);
  const { seed, shuffle } = settings;
  const validation = await validationOf(task, batch);
  context.classes = fedClasses(source, feed);
  const workloads: readonly Workload[] = [
    { kind: 'train', feed, batch },
    ...(validation?.workload === undefined ? [] : [validation.workload]),
  ];
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
  return await trainingRun(task, validation, identity, (run) =>
    fitTable(programs.session, {
      ...run,
      feed,
      batch,
      steps,
      seed,
      shuffle,
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
