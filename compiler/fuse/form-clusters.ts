/**
 * Fusion: which nodes share a kernel. Every compute node begins as a kernel of its own; then pairs
 * are merged (`merging.ts`) as long as that saves time (`fusion-cost.ts`) and is legal
 * (`legality.ts`). A pair is a kernel and one that reads its result, or two that read one tensor.
 */
import type { Node } from '../graph/node.ts';
import type { ProgramGraph } from '../program-graph.ts';
import type { Cluster } from './cluster.ts';
import { type FusionOptions, Merging } from './merging.ts';
import { placeFree } from './place-free.ts';

export interface Clustering {
  readonly clusters: readonly Cluster[];
  readonly home: ReadonlyMap<Node, Cluster>;
  /** Maps that are computed again by each user. */
  readonly free: ReadonlySet<Node>;
  /** What merging has saved, and why it stopped where it did. */
  readonly report: Pick<Merging, 'savingsOf' | 'apart'>;
}

export function formClusters(program: ProgramGraph, options: FusionOptions): Clustering {
  const merging = new Merging(program, options);
  if (options.fuse) merging.run();
  for (const { node } of program.results)
    if (merging.free.has(node)) placeFree(merging, node, program);
  const { clusters, home, free } = merging;
  return { clusters, home, free, report: merging };
}
