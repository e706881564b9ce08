/** Gives every result of a program a compute node of its own, so that some kernel writes it. */
import type { Node } from '../graph/node.ts';
import { copy } from '../ops/copy.ts';
import { reshape } from '../ops/view.ts';
import type { ProgramGraph, Result } from '../program-graph.ts';
import { expandComposites } from '../rewrite/expand-composites.ts';
import { isCompute } from './dataflow.ts';
import { preparePools } from './pools.ts';

export function prepareResults(program: ProgramGraph): ProgramGraph {
  const taken = new Set<Node>();
  const expanded = expandComposites(
    program.graph,
    program.results.map((r) => r.node),
  );
  const results = program.results.flatMap((r, i): Result[] => {
    if (r.target.kind === 'replace' && r.node === r.target.input) return [];
    // A reshape changes no element's place in memory.
    let node = expanded[i] ?? r.node;
    while (node.op === reshape && node.inputs[0] !== undefined) node = node.inputs[0];
    if (!isCompute(node) || taken.has(node)) {
      let wrapped = program.graph.make(copy, [node]);
      // A value that is wanted a third time needs a third node.
      while (taken.has(wrapped)) wrapped = program.graph.make(copy, [wrapped]);
      node = wrapped;
    }
    taken.add(node);
    return [{ node, shape: r.node.type.shape, target: r.target }];
  });
  const nodes = preparePools(
    program.graph,
    results.map((r) => r.node),
  );
  return { ...program, results: results.map((r, i) => ({ ...r, node: nodes[i] ?? r.node })) };
}
