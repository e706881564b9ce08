/** Which rows `eval` and `predict` take: `--rows`, else those for testing, else all. */
import type { AnyColumn, AnyDataset, ClassNames, DataSplits } from '../data/index.ts';
import { take } from '../data/index.ts';
import { UserError } from './failure.ts';
import { loadData, testRows, testSplit } from './load-data.ts';
import type { LoadedModel } from './load-model.ts';
import type { RowOptions } from './model-options.ts';
import { divideRows } from './train-data.ts';
import { trainSettings } from './train-settings.ts';

export interface ChosenRows {
  readonly dataset: AnyDataset;
  /** What to know of them. */
  readonly note?: string;
}

/** `classes`: those of the data that were trained on. */
export async function chosenRows(
  loaded: LoadedModel,
  options: RowOptions,
  classes: ClassNames | undefined,
  env: NodeJS.ProcessEnv,
): Promise<ChosenRows> {
  const { data, window, limit } = options;
  const splits = await loadData(loaded, { data, window, classes }, env);
  const rows = await partOf(loaded, options, splits, env);
  const dataset = limit === undefined ? rows : take(rows, limit);
  const divided = typeof loaded.model.train.validation === 'number' && splits.test === undefined;
  return data === undefined && options.rows === undefined && divided
    ? { dataset, note: 'among them those that are trained on: see --rows' }
    : { dataset };
}

async function partOf(
  loaded: LoadedModel,
  { rows, seed }: RowOptions,
  splits: DataSplits<AnyColumn>,
  env: NodeJS.ProcessEnv,
): Promise<AnyDataset> {
  if (rows === undefined) return testRows(splits);
  if (rows === 'test') return testSplit(splits);
  // As `nnc train` with the file's own settings, and this seed, divides them.
  const settings = trainSettings(loaded.model.train, seed === undefined ? {} : { seed });
  const { train, validation } = await divideRows(loaded, splits, settings, env);
  if (rows === 'train') return train;
  if (validation !== undefined) return validation;
  throw new UserError(
    `--rows validation: ${loaded.source.name} sets no rows apart`,
    'its `train` section may: `validation: 0.1`',
  );
}
