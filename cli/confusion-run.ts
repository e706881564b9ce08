/** Counts the confusion of trained weights over all rows, and names the classes. */
import type { Model } from '../compiler/model.ts';
import {
  type Comparison,
  type Confusion,
  classCount,
  createConfusion,
  MOST_CLASSES,
  NoClassError,
  predict,
} from '../train/index.ts';
import { labelNames } from './class-names.ts';
import type { ConfusionTitle } from './confusion-text.ts';
import { UserError } from './failure.ts';
import { grouped } from './numbers.ts';
import type { TrainedModel } from './trained-model.ts';

/** `model`: one that `comparing` made. Throws UserError where a number is no class. */
export async function countConfusion(
  model: Model,
  comparison: Comparison,
  trained: TrainedModel,
): Promise<{ readonly found: Confusion; readonly title: ConfusionTitle }> {
  const { session, batch } = trained;
  const feed = trained.feed('predict');
  const known = classCount(comparison, feed);
  if (known !== undefined && known > MOST_CLASSES)
    throw new UserError(
      `--confusion: \`${comparison.name}\` chooses among ${grouped(known)} classes; a matrix of more than ${grouped(MOST_CLASSES)} says nothing`,
    );
  const counter = createConfusion(known, comparison.label.besides);
  try {
    for await (const { outputs } of predict(session, model, feed, batch)) {
      const valuesOf = (name: string): ArrayLike<number> =>
        outputs.find((output) => output.name === name)?.values ?? [];
      counter.add(valuesOf('actual'), valuesOf('predicted'));
    }
  } catch (error) {
    throw error instanceof NoClassError ? explained(error, comparison) : error;
  }
  const found = counter.result();
  const { name, label } = comparison;
  const count = found.counts.length;
  const classes =
    labelNames(model, label, count, trained.classes) ?? found.counts.map((_, at) => String(at));
  return { found, title: { predicted: name, actual: label.name, classes } };
}

function explained({ value, side }: NoClassError, { name, label }: Comparison): UserError {
  const what = side === 'predicted' ? name : label.name;
  return new UserError(
    `--confusion: \`${what}\` is ${value} in a row, which is no class`,
    `classes are the numbers from 0 to ${grouped(MOST_CLASSES - 1)}`,
  );
}
