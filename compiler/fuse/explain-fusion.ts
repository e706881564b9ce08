/** What fusion decided, as a table for people: `nnc compile --emit=fusion`. */
import type { Node } from '../graph/node.ts';
import type { Cluster } from './cluster.ts';
import type { Clustering } from './form-clusters.ts';
import type { Savings } from './merging.ts';

/** One kernel of a dispatch. */
export interface FusionRow {
  readonly nodes: readonly Node[];
  /** Against a kernel for each node. */
  readonly saved: Savings;
  /** Kernels whose results it reads, or whose inputs, and which it is not part of. */
  readonly apart: readonly {
    readonly dispatch: number;
    readonly part: number;
    readonly reason: string;
  }[];
}

/** By dispatch, then by part. */
export type FusionTable = readonly (readonly FusionRow[])[];

export function explainFusion(
  groups: readonly (readonly Cluster[])[],
  report: Clustering['report'],
): FusionTable {
  const placeOf = new Map(
    groups.flatMap((group, dispatch) => group.map((c, part) => [c, { dispatch, part }] as const)),
  );
  return groups.map((group) =>
    group.map((cluster) => ({
      nodes: cluster.nodes,
      saved: report.savingsOf(cluster),
      apart: report.apart(cluster).flatMap(({ from, reason }) => {
        const place = placeOf.get(from);
        return place === undefined ? [] : [{ ...place, reason }];
      }),
    })),
  );
}
