/**
 * Fusion: which nodes share a kernel. Every compute node begins as a kernel of its own; then pairs
 * are merged (`merging.ts`) as long as that saves time (`fusion-cost.ts`) and is legal
 * (`legality.ts`). A pair is a kernel and one that reads its result, or two that read one tensor.
 */
import type { Node } from '../graph/node.ts';
import type { ProgramGraph } from '../program-graph.ts';
import type { Cluster } from './cluster.ts';
import { type FusionOptions, Merging, type Savings } from './merging.ts';
import { placeFree } from './place-free.ts';
import { type Apart, reasonsApart } from './reasons-apart.ts';

export interface Clustering {
  readonly clusters: readonly Cluster[];
  readonly home: ReadonlyMap<Node, Cluster>;
  /** Maps that are computed again by each user. */
  readonly free: ReadonlySet<Node>;
  /** Bytes of intermediate results that may be in use at once. */
  readonly mostLive: number;
  /** What merging has saved, and why it stopped where it did. */
  readonly report: {
    savingsOf(cluster: Cluster): Savings;
    apart(cluster: Cluster): readonly Apart[];
  };
}

/** So much more than without merges, or so little at all (an eighth of what every device binds), is not worth a kernel. */
const SLACK = 1.05;
const SMALL_BYTES = 16 * 2 ** 20;

export function formClusters(program: ProgramGraph, options: FusionOptions): Clustering {
  const { merging, mostLive } = options.fuse ? merged(program, options) : apart(program, options);
  for (const { node } of program.results)
    if (merging.free.has(node)) placeFree(merging, node, program);
  const { clusters, home, free } = merging;
  const report = {
    savingsOf: (c: Cluster) => merging.savingsOf(c),
    apart: (c: Cluster) => reasonsApart(merging, c),
  };
  return { clusters, home, free, mostLive, report };
}

/** Merged without regard to memory, which nearly always needs less than kernels apart; where it needs too much, once more with regard to it. */
function merged(program: ProgramGraph, options: FusionOptions) {
  const merging = new Merging(program, options);
  const mostLive =
    options.mostLive ?? Math.max(SMALL_BYTES, SLACK * merging.peakBytes(SMALL_BYTES / SLACK));
  merging.run();
  if (merging.peakBytes(mostLive) <= mostLive) return { merging, mostLive };
  const watched = new Merging(program, options, mostLive);
  watched.run();
  return { merging: watched, mostLive };
}

const apart = (program: ProgramGraph, options: FusionOptions) => ({
  merging: new Merging(program, options),
  mostLive: options.mostLive ?? Number.POSITIVE_INFINITY,
});
