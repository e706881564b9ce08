/** A kernel's name and origins, from the nodes that it computes. For people; never part of the kernel's text. */
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import type { KernelSpec } from '../kernel/spec.ts';

const anchorKinds = new Set(['contract', 'reduce', 'prefix']);

/** `k03_contract_add_select`: its reductions and contractions, then its first maps. */
export function kernelName(number: number, spec: KernelSpec): string {
  const names = spec.nodes.map((n) => ({
    name: n.op.name,
    anchor: anchorKinds.has(n.op.lowering.kind),
  }));
  const anchors = [...new Set(names.filter((n) => n.anchor).map((n) => n.name))];
  const maps = [...new Set(names.filter((n) => !n.anchor).map((n) => n.name))];
  const words = [...anchors, ...maps].slice(0, 4).map((w) => w.replaceAll(/[^A-Za-z0-9_]/g, '_'));
  return `k${String(number).padStart(2, '0')}_${words.join('_')}`;
}

/** `models/mnist.nn:5 dense (vjp of contract)`, each once. */
export function kernelOrigins(graph: Graph, nodes: readonly Node[]): string[] {
  const lines = new Set<string>();
  for (const node of nodes)
    for (const o of graph.originsOf(node)) {
      const text = [o.line, o.path, o.rule === undefined ? '' : `(${o.rule})`]
        .filter((t) => t !== undefined && t !== '')
        .join(' ');
      if (text !== '') lines.add(text);
    }
  return [...lines].slice(0, 12);
}
