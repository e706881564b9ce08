/** Replaces ops that have no kernel of their own by what they are made of, once sizes are numbers. */
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import { type Rule, rewriteFully } from './rebuild.ts';

export const compositeRules: readonly Rule[] = [
  {
    name: 'composite/expand',
    apply: (graph, node) =>
      node.op.lowering.kind === 'composite' ? node.op.lowering.expand({ graph, node }) : undefined,
  },
];

/** Fusion knows none of them, so this runs even where the pass was left out. */
export const expandComposites = (graph: Graph, results: readonly Node[]): Node[] =>
  rewriteFully(graph, results, compositeRules);
