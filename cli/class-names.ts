/** Which names the numbers of classes have: those that the data gave to the label with which they are compared. */
import type { Model, ModelInput } from '../compiler/model.ts';
import type { ClassNames } from '../data/index.ts';
import { classCount, comparedByMetrics, comparedByShape, type Feed } from '../train/index.ts';

/**
 * Of the column that feeds the label: the one that the file says, the one of its name, or the only one
 * that has so many classes. Undefined where there are no names, or not one for each number.
 */
export function labelNames(
  model: Model,
  label: ModelInput,
  count: number,
  classes: ClassNames,
): readonly string[] | undefined {
  const chosen = model.train.columns?.[label.name];
  const named = classes[typeof chosen === 'string' ? chosen : label.name];
  if (named !== undefined) return named.length === count ? named : undefined;
  const [only, another] = Object.values(classes).filter((names) => names.length === count);
  return another === undefined ? only : undefined;
}

/** By the name of the output: those that are numbers of classes which have names. */
export function outputNames(model: Model, feed: Feed, classes: ClassNames): ClassNames {
  const found: Record<string, readonly string[]> = {};
  const comparisons = [...comparedByMetrics(model), ...comparedByShape(model)];
  for (const { name, node } of model.evaluation.outputs) {
    const comparison = comparisons.find(({ predicted }) => predicted === node);
    const count = comparison && classCount(comparison, feed);
    if (comparison === undefined || count === undefined || node.type.dtype === 'bool') continue;
    const names = labelNames(model, comparison.label, count, classes);
    if (names !== undefined) found[name] = names;
  }
  return found;
}
