/** Why a value has no derivative by another that it depends on: the place where the path ends (NN0405). */
import { passesDerivative } from '../autodiff/differentiable.ts';
import { isFloat } from '../graph/dtype.ts';
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import { reachable } from '../graph/walk.ts';

/** `\`stop_gradient\` on line 7`, nearest to y; undefined where y does not use the source at all. */
export function cutText(graph: Graph, y: Node, source: Node): string | undefined {
  const cut = nearestCut(y, source);
  if (cut === undefined) return undefined;
  const line = graph.originsOf(cut)[0]?.line?.replace(/^.*:/, '');
  return `\`${cut.op.name}\`${line === undefined ? '' : ` on line ${line}`}`;
}

/**
 * The node nearest to y that takes a float which uses the source, but lets no derivative through: of
 * `cast(argmax(x) == t, f32)` the `argmax`.
 */
function nearestCut(y: Node, source: Node): Node | undefined {
  const uses = new Set<Node>();
  for (const node of reachable([y]))
    if (node === source || node.inputs.some((x) => uses.has(x))) uses.add(node);
  return [...uses]
    .sort((a, b) => b.id - a.id)
    .find((node) =>
      node.inputs.some(
        (x, i) => isFloat(x.type.dtype) && uses.has(x) && !passesDerivative(node, i),
      ),
    );
}
