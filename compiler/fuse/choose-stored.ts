/**
 * Which nodes get memory: results, and what one kernel computes and another reads. A cheap map over
 * things that have memory anyway is computed again instead (a relu mask from the activation).
 */
import type { Node } from '../graph/node.ts';
import { isCompute, recomputeCost } from './dataflow.ts';
import type { Clustering } from './form-clusters.ts';
import { storedForSure } from './pools.ts';

const CHEAP = 12;

export function chooseStored(
  order: readonly Node[],
  roots: readonly Node[],
  clustering: Clustering,
  fuse: boolean,
): Set<Node> {
  const stored = readAcross(clustering);
  for (const r of roots) if (clustering.home.has(r)) stored.add(r);
  if (!fuse) return stored;
  const fixed = new Set([...roots, ...storedForSure(order)]);
  for (const node of [...stored]) {
    if (fixed.has(node) || node.op.lowering.kind !== 'map') continue;
    // Reading one tensor instead of another costs its users no binding.
    const again = recomputeCost(node, (n) => stored.has(n) && n !== node);
    if (again !== undefined && again.cost <= CHEAP && again.reads.size <= 1) stored.delete(node);
  }
  return stored;
}

/** Nodes that a cluster other than their own reads, through views and free maps. */
function readAcross({ clusters, home, free }: Clustering): Set<Node> {
  const read = new Set<Node>();
  for (const cluster of clusters) {
    const seen = new Set<Node>();
    const visit = (n: Node): void => {
      if (seen.has(n)) return;
      seen.add(n);
      if (!isCompute(n) || free.has(n)) for (const x of n.inputs) visit(x);
      else if (home.get(n) !== cluster) read.add(n);
    };
    for (const n of cluster.nodes) for (const x of n.inputs) visit(x);
  }
  return read;
}
