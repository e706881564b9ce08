/** Trains one tutorial as `nnc train` does, and tells what it came to. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Gpu } from '../../cli/gpu.ts';
import { withSession } from '../../cli/gpu.ts';
import { feedFor } from '../../cli/load-data.ts';
import { type LoadedModel, loadFile } from '../../cli/load-model.ts';
import { trainSettings } from '../../cli/train-settings.ts';
import { type AnyColumn, type DataSplits, resolveDataset, split, take } from '../../data/index.ts';
import { nodeFiles } from '../../data/node-files.ts';
import {
  evaluate,
  evaluationBatch,
  fit as fitModel,
  initialise,
  prepare,
  scheduleFor,
} from '../../train/index.ts';
import type { TutorialRow } from './rows.ts';

export interface TutorialRun {
  readonly seed: number;
  readonly testLoss: number;
  readonly testAccuracy: number;
  /** Loss by the number of the update that it comes before, where steps are logged. */
  readonly losses: ReadonlyMap<number, number>;
  readonly steps: number;
  readonly seconds: number;
}

const project = fileURLToPath(new URL('../../', import.meta.url));

export async function rowData(row: TutorialRow, folder: string): Promise<DataSplits<AnyColumn>> {
  const places = { data: path.join(folder, row.folder), cacheFolder: '', files: nodeFiles };
  const splits = await resolveDataset(row.data, places);
  if (row.held !== undefined) {
    const { train, validation } = split(splits.train, row.held);
    return { train, test: validation };
  }
  return row.limit === undefined ? splits : { ...splits, train: take(splits.train, row.limit) };
}

/** `steps` ends it early, for a first look at the time that it takes. */
export async function trainRow(
  gpu: Gpu,
  row: TutorialRow,
  data: DataSplits<AnyColumn>,
  options: { readonly seed: number; readonly steps?: number },
  say: (text: string) => void,
): Promise<TutorialRun> {
  const { seed } = options;
  const loaded = loadFile(path.join(project, row.model), { seed });
  const { model } = loaded;
  const { train, test } = await feedsOf(loaded, data);
  const flags = { seed, ...(options.steps === undefined ? {} : { steps: options.steps }) };
  const settings = trainSettings(model.train, flags);
  const { batch, steps } = scheduleFor(settings, train.rows);
  const testBatch = Math.min(test.rows, evaluationBatch([test.rows], Math.min(batch, 1000)));
  const { plan } = await prepare(
    model,
    [
      { kind: 'train', feed: train, batch },
      { kind: 'eval', feed: test, batch: testBatch },
    ],
    { device: gpu.profile },
  );
  const losses = new Map<number, number>();
  const now = (): number => performance.now();
  return await withSession(gpu, plan, async (session) => {
    initialise(session, model);
    const { seconds, place } = await fitModel(session, {
      model,
      feed: train,
      batch,
      steps,
      seed: settings.seed,
      shuffle: settings.shuffle,
      ...(row.logEvery === undefined ? {} : { logEvery: row.logEvery }),
      now,
      on(event) {
        if (event.kind === 'round' && event.place.epochs <= 10)
          say(`epoch ${event.place.epoch} of ${event.place.epochs}, step ${event.place.step}`);
        if (event.kind === 'step') losses.set(event.place.step, lossOf(event.values) ?? Number.NaN);
      },
    });
    const { values } = await evaluate(session, model, test, testBatch);
    return {
      seed,
      testLoss: lossOf(values) ?? Number.NaN,
      testAccuracy: values.get('accuracy') ?? Number.NaN,
      losses,
      steps: place.step,
      seconds,
    };
  });
}

/** The hand-written descent of the first tutorial has a metric in place of a loss. */
const lossOf = (values: ReadonlyMap<string, number>): number | undefined =>
  values.get('loss') ?? values.get('loss_now');

async function feedsOf(loaded: LoadedModel, { train, test }: DataSplits<AnyColumn>) {
  return {
    train: await feedFor(loaded, 'train', train),
    test: await feedFor(loaded, 'eval', test ?? train),
  };
}
