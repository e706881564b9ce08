import { checkOptions } from '../options.ts';
import type { Callback, CheckpointWish } from './callback.ts';

/**
 * Writes everything that a run is to a file, after every epoch unless told, and where it ends or is stopped. `fit` with
 * `resume: path` goes on from there and ends as a run without a break would have. `every: 5` is five epochs.
 */
export function checkpoint(
  path: string,
  options: { readonly every?: number | CheckpointWish['every'] } = {},
): Callback {
  checkOptions('checkpoint', options, { every: true });
  const { every = 1 } = options;
  return { checkpoint: { path, every: typeof every === 'number' ? { epochs: every } : every } };
}
