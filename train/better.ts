/** Whether less or more is better of a loss or metric, by its name. */
import type { Model } from '../compiler/model.ts';
import { LOSS } from '../compiler/programs.ts';
import type { Monitor } from './monitor.ts';

/** Metrics whose name says that they count what is wrong. */
const ERRORS = /loss|error|mse|mae|rmse|perplexity|entropy|divergence|distance/i;

export function usualDirection(model: Model, name: string): Monitor['better'] {
  const losses = [LOSS, ...model.training.losses.map((loss) => loss.name)];
  return losses.includes(name) || ERRORS.test(name) ? 'less' : 'more';
}
