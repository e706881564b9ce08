/**
 * Prepares a gradient: brings y into its stable form without losing the nodes to differentiate by.
 * A value in the middle of the graph is marked as a variable meanwhile, since rules look through
 * everything else.
 */
import * as b from '../builder.ts';
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import { reachable } from '../graph/walk.ts';
import { variableOp } from '../ops/view.ts';
import { rebuild, rewrite } from '../rewrite/rebuild.ts';
import { stabilize } from '../rewrite/stabilize.ts';

export interface StableSources {
  readonly y: Node;
  /** What stands for each source in y. */
  readonly sources: readonly Node[];
  /** Takes the marks away again. */
  unmark(results: readonly Node[]): Node[];
}

export function stableSources(graph: Graph, y: Node, wrt: readonly Node[]): StableSources {
  const names = new Set<string>();
  const marked = markSources(graph, [y, ...wrt], wrt, names);
  const [stable = y, ...sources] = stabilize(graph, marked);
  const unmark = {
    name: 'autodiff/unmark',
    apply: (_: Graph, node: Node) =>
      node.op === variableOp && names.has(String(node.attrs['name'])) ? node.inputs[0] : undefined,
  };
  const unmarked = (results: readonly Node[]): Node[] =>
    names.size === 0 ? [...results] : rewrite(graph, results, [unmark]);
  return { y: stable, sources, unmark: unmarked };
}

/** The results, with a variable around every source that is neither a leaf nor a variable already. */
function markSources(
  graph: Graph,
  results: readonly Node[],
  wrt: readonly Node[],
  names: Set<string>,
): Node[] {
  const done = new Map<Node, Node>();
  const replaced = (node: Node): Node => done.get(node) ?? node;
  const visit = (root: Node): void => {
    for (const node of reachable([root], (n) => done.has(n)))
      if (!done.has(node)) done.set(node, rebuild(graph, node, node.inputs.map(replaced)));
  };
  for (const node of [...wrt].sort((p, q) => p.id - q.id)) {
    if (node.inputs.length === 0 || node.op === variableOp || done.has(node)) continue;
    // In a gradient of a gradient the source stands in its stable form, in y itself as it was written.
    const [form = node] = stabilize(graph, [node]);
    const name = `source ${node.id}`;
    names.add(name);
    visit(node);
    const mark = b.variable(graph, replaced(node), name);
    done.set(node, mark);
    done.set(form, mark);
  }
  results.forEach(visit);
  return results.map(replaced);
}
