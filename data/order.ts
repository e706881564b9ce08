/** In which order the rows of a data set are met. */
import { createRandom, pick } from './random.ts';

/** Keeps shuffles apart from other streams of the same seed ("order" in ASCII, shortened). */
const orderStream = 0x6f726472;

/**
 * The order of the rows 0 to `rows`-1 in one epoch: Fisher-Yates over an sfc32 stream of its own for
 * each (seed, epoch), so that a run resumed at an epoch sees what it would have seen. `shuffle: false`
 * gives the rows as they lie. `into` is filled when given (it must have `rows` places).
 */
export function epochOrder(
  rows: number,
  options: { readonly seed: number; readonly epoch: number; readonly shuffle?: boolean },
  into: Uint32Array = new Uint32Array(rows),
): Uint32Array {
  for (let row = 0; row < rows; row++) into[row] = row;
  if (options.shuffle === false) return into;
  const random = createRandom(options.seed, orderStream, options.epoch);
  for (let last = rows - 1; last > 0; last--) {
    const other = pick(random, last + 1);
    const moved = into[last] ?? 0;
    into[last] = into[other] ?? 0;
    into[other] = moved;
  }
  return into;
}
