import { checkOptions } from '../options.ts';
import { checkWhole } from '../session/fit-settings.ts';
import { type Callback, type Watch, type WatchOptions, watchOptionNames } from './callback.ts';

/** Ends a run after `patience` epochs in a row that were not better, 3 unless told. With `restore` the weights of the best one remain. Throws UsageError. */
export function earlyStopping(
  options: WatchOptions & { readonly patience?: number; readonly restore?: boolean } = {},
): Callback {
  checkOptions('earlyStopping', options, { ...watchOptionNames, patience: true, restore: true });
  if (options.patience !== undefined) checkWhole('patience', options.patience, 1);
  const watch: Watch = { patience: 3, ...options };
  return { watch };
}
