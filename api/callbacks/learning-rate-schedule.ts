import { checkOptions } from '../options.ts';
import type { Callback, RateSchedule } from './callback.ts';

/**
 * Sets the learning rate before every epoch, or step, counted from 0: `learningRateSchedule((epoch, rate) => rate * 0.9)`. Per
 * step it makes every step a submit of its own; a schedule in the model (`optimizer: adam(lr=cosine_decay(…))`) costs nothing.
 */
export function learningRateSchedule(
  at: RateSchedule['at'],
  options: { readonly per?: RateSchedule['per'] } = {},
): Callback {
  checkOptions('learningRateSchedule', options, { per: true });
  const { per = 'epoch' } = options;
  return { learningRate: { per, at } };
}
