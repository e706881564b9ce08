/** Which of the rows given to `fit` are trained on, and which are measured on. */
import { take } from '../../data/index.ts';
import type { RunSettings } from '../../train/index.ts';
import { type Source, splitTable } from '../data/source.ts';
import { UsageError } from '../usage-error.ts';
import { type Context, modelOf, readData } from './context.ts';
import type { FitOptions } from './model-session.ts';

const limited = (source: Source, { limit }: RunSettings): Source =>
  source.kind === 'table' && limit !== undefined
    ? { ...source, table: take(source.table, limit) }
    : source;

/** Throws UsageError where validation data are none, or a part of a stream. */
export function divideData(
  context: Context,
  all: Source,
  { validation: given }: FitOptions,
  settings: RunSettings,
): { readonly train: Source; readonly validation?: Source } {
  const source = limited(all, settings);
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
