/** The rows that a training run learns from, validates on and is tested on. */
import { metricNames } from '../compiler/programs.ts';
import { type DataSplits, type Dataset, split, take } from '../data/index.ts';
import { type Feed, neededInputs, noData } from '../train/index.ts';
import { UserError } from './failure.ts';
import { feedFor, loadData, testSplit } from './load-data.ts';
import type { LoadedModel } from './load-model.ts';
import { counted, grouped } from './numbers.ts';
import type { TrainSettings } from './train-settings.ts';

export interface TrainData {
  readonly train: Feed;
  readonly validation?: Feed;
  /** The same feed as `validation` where that is the test set. */
  readonly test?: Feed;
  /** `glyphs: 12,000 rows to train on, 2,000 to test`. */
  readonly text: string;
}

export async function prepareTrainData(
  loaded: LoadedModel,
  settings: TrainSettings,
  option: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<TrainData> {
  const { model } = loaded;
  if (neededInputs(model, 'train').length === 0)
    return { train: noData, text: 'none: the file has no inputs' };
  const splits = await loadData(loaded, option, env);
  const { train, validation } = divide(splits, settings);
  const feed = feedFor(loaded, 'train', train);
  const measures = metricNames(model, 'eval').length > 0;
  const inputs = (dataset: Dataset | undefined): Feed | undefined =>
    dataset === undefined || !measures ? undefined : feedFor(loaded, 'eval', dataset);
  const test = inputs(splits.test);
  const validationFeed = validation === splits.test ? test : inputs(validation);
  return {
    train: feed,
    ...(validation === undefined || validationFeed === undefined
      ? {}
      : { validation: validationFeed }),
    ...(test === undefined ? {} : { test }),
    text: describe(train, validation === splits.test ? undefined : validation, splits.test),
  };
}

/** The first rows are for training, the last for validation where a fraction says so. */
function divide(
  splits: DataSplits,
  { limit, validation }: TrainSettings,
): { readonly train: Dataset; readonly validation?: Dataset } {
  const train = limit === undefined ? splits.train : take(splits.train, limit);
  if (validation === undefined) return { train };
  if (typeof validation === 'number') return split(train, validation);
  if (validation === 'test') return { train, validation: testSplit(splits) };
  throw new UserError(
    `no rows of ${train.name} are called \`${validation}\``,
    'validation is a fraction of the training rows, such as 0.1, or "test"',
  );
}

function describe(
  train: Dataset,
  validation: Dataset | undefined,
  test: Dataset | undefined,
): string {
  const parts = [`${counted(train.rows, 'row')} to train on`];
  if (validation !== undefined) parts.push(`${grouped(validation.rows)} to validate`);
  if (test !== undefined) parts.push(`${grouped(test.rows)} to test`);
  return `${train.name}: ${parts.join(', ')}`;
}
