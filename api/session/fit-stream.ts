/** A training run over rows that come one after the other. */
import { fitStream, type RunIdentity, runIdentity } from '../../train/index.ts';
import type { History } from '../callbacks/callback.ts';
import type { StreamSource } from '../data/source.ts';
import { UsageError } from '../usage-error.ts';
import { modelOf, streamFeeds } from './context.ts';
import { type FitTask, trainingRun } from './training-run.ts';
import { unknownRows, validationOf } from './validation.ts';

export async function overStream(task: FitTask, source: StreamSource): Promise<History> {
  const { context, settings, resumed } = task;
  const { programs, done } = context;
  const batch = settings.batch === 'all' ? Infinity : settings.batch;
  const { length, seed, shuffle } = settings;
  const epochs = 'epochs' in length ? length.epochs : Infinity;
  const steps = 'steps' in length ? length.steps : Infinity;
  if (source.elements.once && epochs > 1 && epochs < Infinity)
    throw new UsageError(
      `these rows can be gone through once, and ${epochs} epochs are wanted`,
      'give a function that makes them anew for every epoch, `dataset(() => rows())`, or `epochs: 1`',
    );
  const identity = (): RunIdentity =>
    runIdentity({
      model: modelOf(context),
      feed: unknownRows(source),
      batch: batch === Infinity ? 0 : batch,
      seed,
      shuffle,
      device: context.on.name,
    });
  const validation = await validationOf(task, batch);
  return await trainingRun(task, validation, identity, ({ from, ...run }) =>
    fitStream(programs.session, {
      ...run,
      epochs,
      steps,
      batches: (epoch) => streamFeeds(context, 'train', source, done.epochs + epoch, batch),
      prepare: (feed) => programs.ensure([{ kind: 'train', feed, batch: feed.rows }]),
      ...(from && {
        from: { ...from, ...(resumed?.stream ?? { epoch: 0, stepOfEpoch: from.step }) },
      }),
    }),
  );
}
