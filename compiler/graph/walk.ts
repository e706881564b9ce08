/** Walks over the graph. Inputs are always made before the node that uses them, so ids give the order. */
import type { Node } from './node.ts';

/**
 * Every node that the results need, inputs before users. Nothing below a node where `stop` holds is
 * visited on its account.
 */
export function reachable(
  results: Iterable<Node>,
  stop: (node: Node) => boolean = () => false,
): Node[] {
  const seen = new Set<Node>();
  const open = [...results];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (!stop(node)) open.push(...node.inputs);
  }
  return [...seen].sort((a, b) => a.id - b.id);
}

/** How often each node is used as an input by the nodes that the results need. */
export function useCounts(results: Iterable<Node>): Map<Node, number> {
  const counts = new Map<Node, number>();
  for (const node of reachable(results))
    for (const x of node.inputs) counts.set(x, (counts.get(x) ?? 0) + 1);
  return counts;
}
