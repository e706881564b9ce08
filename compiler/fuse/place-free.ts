/** A result that is cheap everywhere still has to be written by someone: by a kernel with as many rows or elements, if one fits. */
import type { Node } from '../graph/node.ts';
import type { ProgramGraph } from '../program-graph.ts';
import { readsOnlyAt } from './admission.ts';
import { type Cluster, clusterOf, spaceSizes } from './cluster.ts';
import { readsDirectly, shapeOf, squeeze } from './dataflow.ts';
import { refusal, together } from './legality.ts';
import type { Merging } from './merging.ts';

export function placeFree(merging: Merging, node: Node, program: ProgramGraph): void {
  const sizes = squeeze(shapeOf(node)).join();
  const before = [...merging.clustersBefore([node])];
  const replaced = program.results.flatMap((r) =>
    r.node === node && r.target.kind === 'replace' ? [r.target.input] : [],
  );
  const alone = clusterOf(Number.MAX_SAFE_INTEGER, node);
  const host = merging.clusters.find(
    (c) =>
      (c.kind === 'map' || c.kind === 'row') &&
      [c.kept, c.full].some((axes) => spaceSizes(axes).join() === sizes) &&
      before.every((o) => o === c || !merging.comesAfter(o, c)) &&
      refusal(c, alone, together(c, alone), merging.context) === undefined &&
      merging.saves(c, alone) &&
      replaced.every((input) => mayOverwrite(merging, input, node, c)),
  );
  if (host === undefined) merging.open(node);
  else merging.join(host, node);
}

/** The writer may read the input only where it writes, and no kernel that reads it may depend on the writer. */
function mayOverwrite(merging: Merging, input: Node, result: Node, writer: Cluster): boolean {
  const withResult = { ...writer, nodes: [...writer.nodes, result] };
  return (
    readsOnlyAt(withResult, result, input, merging.free) &&
    merging.clusters.every(
      (c) =>
        c === writer ||
        !readsDirectly(c.nodes, new Set([input]), merging.free) ||
        !merging.comesAfter(c, writer),
    )
  );
}
