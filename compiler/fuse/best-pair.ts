/** Pairs of kernels that would be faster as one, and which of them is merged next. */
import type { Cluster } from './cluster.ts';

export interface Pair {
  readonly a: Cluster;
  readonly b: Cluster;
  readonly merged: Cluster;
  /** Microseconds that one kernel is faster than two, and what else speaks for it. */
  readonly benefit: number;
}

/** Removes and returns the pair that saves the most; of equals the earliest. */
export function takeBest(pairs: Pair[]): Pair | undefined {
  let best = -1;
  pairs.forEach((p, i) => {
    const b = pairs[best];
    if (b === undefined || p.benefit > b.benefit || (p.benefit === b.benefit && earlier(p, b)))
      best = i;
  });
  return best < 0 ? undefined : pairs.splice(best, 1)[0];
}

const earlier = (p: Pair, q: Pair): boolean =>
  p.a.id < q.a.id || (p.a.id === q.a.id && p.b.id < q.b.id);
