import type { Callback, Watch, WatchOptions } from './callback.ts';

/** Ends a run after `patience` epochs in a row that were not better. With `restore` the weights of the best one remain. */
export function earlyStopping(
  options: WatchOptions & { readonly patience?: number; readonly restore?: boolean } = {},
): Callback {
  const watch: Watch = { patience: 3, ...options };
  return { watch };
}
