/**
 * Which nodes get memory: results, and what one kernel computes and another reads. A cheap map over
 * things that have memory anyway is computed again instead (a relu mask from the activation).
 */
import type { Node } from '../graph/node.ts';
import { isCompute, recomputeCost } from './dataflow.ts';
import type { Clustering } from './form-clusters.ts';

const CHEAP = 12;

export function chooseStored(
  roots: readonly Node[],
  { clusters, home, free }: Clustering,
  maxBindings: number,
): Set<Node> {
  const users = usersAcross(clusters, home, free);
  const wanted = new Set<Node>(roots.filter((r) => home.has(r)));
  for (const node of users.keys()) wanted.add(node);
  const stored = new Set(wanted);
  const pinned = new Set(roots);
  if (free.size === 0 && clusters.every((c) => c.nodes.length === 1)) return stored;
  for (const node of wanted) {
    if (pinned.has(node) || node.op.lowering.kind !== 'map') continue;
    const again = recomputeCost(node, (n) => stored.has(n) && n !== node);
    if (again === undefined || again.cost > CHEAP || again.reads.size > 1) continue;
    const room = [...(users.get(node) ?? [])].every((c) => c.nodes.length < maxBindings * 4);
    if (room) stored.delete(node);
  }
  return stored;
}

/** For each node, the clusters other than its own that read it (through views and free maps). */
function usersAcross(
  clusters: Clustering['clusters'],
  home: Clustering['home'],
  free: ReadonlySet<Node>,
): Map<Node, Set<Clustering['clusters'][number]>> {
  const users = new Map<Node, Set<Clustering['clusters'][number]>>();
  for (const cluster of clusters) {
    const seen = new Set<Node>();
    const visit = (n: Node): void => {
      if (seen.has(n)) return;
      seen.add(n);
      const owner = home.get(n);
      if (isCompute(n) && !free.has(n)) {
        if (owner !== cluster) users.set(n, (users.get(n) ?? new Set()).add(cluster));
        return;
      }
      for (const x of n.inputs) visit(x);
    };
    for (const n of cluster.nodes) for (const x of n.inputs) visit(x);
  }
  return users;
}
