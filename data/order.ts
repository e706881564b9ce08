/** In which order the rows of a data set are met. */
import { permutation, type RowOrder } from './permutation.ts';
import { createRandom } from './random.ts';

/** Keeps shuffles apart from other streams of the same seed ("order" in ASCII, shortened). */
const orderStream = 0x6f726472;

/**
 * The order of the rows 0 to `rows`-1 in one epoch, from a stream of its own for each (seed, epoch), so that a run that is
 * resumed anywhere in an epoch sees what it would have seen.
 */
export function epochOrder(
  rows: number,
  { seed, epoch }: { readonly seed: number; readonly epoch: number },
): RowOrder {
  return permutation(rows, createRandom(seed, orderStream, epoch));
}
