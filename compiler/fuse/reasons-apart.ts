/** Why kernels are not one, asked when all is done: for `--emit=fusion`. */
import type { Cluster } from './cluster.ts';
import { misfit, refusal, together } from './legality.ts';
import { excess } from './limits.ts';
import type { Merging } from './merging.ts';

export interface Apart {
  readonly from: Cluster;
  readonly reason: string;
}

/**
 * Of each kernel whose results this one reads; and of each that reads the same, if it would be part of it but for what both
 * hold at once.
 */
export function reasonsApart(merging: Merging, cluster: Cluster): readonly Apart[] {
  const before = merging.clustersBefore(cluster.nodes);
  before.delete(cluster);
  const related = [...before].map((from) => {
    const reason = refusal(from, cluster, together(from, cluster), merging.context);
    return { from, reason: reason ?? 'one kernel would be slower than two' };
  });
  const siblings = [...merging.siblings(cluster)].flatMap((from) => {
    const reason =
      from.id < cluster.id && !before.has(from) ? tooMuch(merging, from, cluster) : undefined;
    return reason === undefined ? [] : [{ from, reason }];
  });
  return [...related, ...siblings];
}

function tooMuch(merging: Merging, a: Cluster, b: Cluster): string | undefined {
  const merged = together(a, b);
  if (merged === undefined || misfit(a, b, merged, merging.context) !== undefined) return undefined;
  return merging.saves(a, b) ? excess(a, b, merged, merging.context) : undefined;
}
