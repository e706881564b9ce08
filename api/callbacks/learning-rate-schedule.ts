import type { Callback, RateSchedule } from './callback.ts';

/**
 * Sets the learning rate before every epoch, or step, counted from 0: `learningRateSchedule((epoch, rate) => rate * 0.9)`. Per
 * step it makes every step a submit of its own; a schedule in the model (`optimizer: adam(lr=cosine_decay(…))`) costs nothing.
 */
export function learningRateSchedule(
  at: RateSchedule['at'],
  { per = 'epoch' }: { readonly per?: RateSchedule['per'] } = {},
): Callback {
  return { learningRate: { per, at } };
}
