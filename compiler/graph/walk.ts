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
