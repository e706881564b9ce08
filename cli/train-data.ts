/** The rows that a training run learns from, validates on and is tested on. */
import { existsSync } from 'node:fs';
import { metricNames } from '../compiler/programs.ts';
import {
  type AnyColumn,
  type AnyDataset,
  type ClassNames,
  classesOf,
  type DataSplits,
  split,
  splitBySeed,
  take,
} from '../data/index.ts';
import { type Feed, neededInputs, noData } from '../train/index.ts';
import { boundColumns, classText } from './data-text.ts';
import { UserError } from './failure.ts';
import { type DataOptions, feedFor, loadData, loadMore, testSplit } from './load-data.ts';
import type { LoadedModel } from './load-model.ts';
import { counted, grouped } from './numbers.ts';
import type { TrainSettings } from './train-settings.ts';

export interface TrainData {
  readonly train: Feed;
  readonly validation?: Feed;
  /** The same feed as `validation` where that is the test set. */
  readonly test?: Feed;
  /** `glyphs: 12,000 rows to train on, 2,000 to test`; on lines of their own, what was bound to what. */
  readonly text: string;
  /** The classes and characters of the columns that were fed, in the order of their numbers. */
  readonly classes: ClassNames;
}

export async function prepareTrainData(
  loaded: LoadedModel,
  settings: TrainSettings,
  options: DataOptions,
  env: NodeJS.ProcessEnv,
): Promise<TrainData> {
  const { model } = loaded;
  if (neededInputs(model, 'train').length === 0)
    return { train: noData, text: 'none: the file has no inputs', classes: {} };
  const splits = await loadData(loaded, options, env);
  const { train, validation } = await divideRows(loaded, splits, settings, env);
  const feed = await feedFor(loaded, 'train', train);
  const measures = metricNames(model, 'eval').length > 0;
  const inputs = async (dataset: AnyDataset | undefined): Promise<Feed | undefined> =>
    dataset === undefined || !measures ? undefined : await feedFor(loaded, 'eval', dataset);
  const test = await inputs(splits.test);
  const validationFeed = validation === splits.test ? test : await inputs(validation);
  const others = validation === splits.test ? undefined : validation;
  const fed = new Set(feed.columns.map(({ column }) => column));
  const classes = Object.fromEntries(
    Object.entries(classesOf(train)).filter(([column]) => fed.has(column)),
  );
  return {
    train: feed,
    ...(validation === undefined || validationFeed === undefined
      ? {}
      : { validation: validationFeed }),
    ...(test === undefined ? {} : { test }),
    text: [
      describe(train, others, splits.test),
      ...boundColumns(feed, model.train.columns),
      ...Object.entries(classes).map(([column, names]) => classText(column, names)),
      ...(train.notes ?? []),
    ].join('\n'),
    classes,
  };
}

/** Where a fraction says so, rows for validation are chosen by the seed; those that are taken as they lie end with them. */
export async function divideRows(
  loaded: LoadedModel,
  splits: DataSplits<AnyColumn>,
  { limit, validation, shuffle, seed }: TrainSettings,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly train: AnyDataset; readonly validation?: AnyDataset }> {
  const train = limit === undefined ? splits.train : take(splits.train, limit);
  if (validation === undefined) return { train };
  if (typeof validation === 'number')
    return shuffle ? splitBySeed(train, validation, seed) : split(train, validation);
  if (validation === 'test') return { train, validation: testSplit(splits) };
  if (/[/\\.]/.test(validation) || existsSync(validation)) {
    const classes = classesOf(train);
    return { train, validation: await loadMore(loaded, validation, { classes }, env) };
  }
  throw new UserError(
    `no rows of ${train.name} are called \`${validation}\``,
    'validation is a fraction of the training rows, such as 0.1, or "test", or a file',
  );
}

function describe(
  train: AnyDataset,
  validation: AnyDataset | undefined,
  test: AnyDataset | undefined,
): string {
  const parts = [`${counted(train.rows, 'row')} to train on`];
  if (validation !== undefined) {
    const from = validation.name === train.name ? '' : ` (${validation.name})`;
    parts.push(`${grouped(validation.rows)} to validate${from}`);
  }
  if (test !== undefined) parts.push(`${grouped(test.rows)} to test`);
  return `${train.name}: ${parts.join(', ')}`;
}
