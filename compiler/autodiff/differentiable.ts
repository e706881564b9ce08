/** Which nodes carry derivatives at all. Integers and bools do not; `stop_gradient` and its like cut. */
import { isFloat } from '../graph/dtype.ts';
import type { Node } from '../graph/node.ts';
import { reachable } from '../graph/walk.ts';

/** Whether a change of input i can reach the result. */
export function passesDerivative(node: Node, input: number): boolean {
  const { derivative } = node.op;
  if (!isFloat(node.type.dtype) || !isFloat(node.inputs[input]?.type.dtype ?? 'bool')) return false;
  if (derivative.kind === 'none') return false;
  if (derivative.kind === 'rules') return derivative.passes?.(input, node.inputs.length) ?? true;
  return derivative.kind !== 'linear' || (derivative.inputs?.includes(input) ?? true);
}

/** The nodes below the results whose derivative by a source may differ from zero, inputs before users. */
export function dependents(results: readonly Node[], sources: ReadonlySet<Node>): Set<Node> {
  const found = new Set<Node>();
  for (const node of reachable(results))
    if (sources.has(node) || node.inputs.some((x, i) => found.has(x) && passesDerivative(node, i)))
      found.add(node);
  return found;
}
