import { checkOptions } from '../options.ts';
import { type Callback, type WatchOptions, watchOptionNames } from './callback.ts';

/** The weights of the best epoch are those that remain at the end; with `path` they are also written to a file each time. */
export function bestWeights(options: WatchOptions & { readonly path?: string } = {}): Callback {
  checkOptions('bestWeights', options, { ...watchOptionNames, path: true });
  return { watch: { ...options, restore: true } };
}
