/**
 * Residual minimisation: what the backward pass reads of the forward pass should be something that is
 * kept anyway. The mask of relu, x > 0, is asked of its output instead of its input.
 */
import * as b from '../builder.ts';
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import { reachable } from '../graph/walk.ts';
import { gt } from '../scalar/intrinsics.ts';
import { select } from './fold-rules.ts';
import { binary } from './pattern.ts';
import { rebuild } from './rebuild.ts';
import { uniformValue } from './uniform.ts';

/** Where y = select(x > 0, x, 0) is needed, every other use of x > 0 becomes y > 0, which is equal. */
export function smallResiduals(g: Graph, results: readonly Node[]): Node[] {
  const nodes = reachable(results);
  const outputOf = new Map<Node, Node>();
  for (const node of nodes) {
    const mask = reluMask(node);
    if (mask !== undefined) outputOf.set(mask, node);
  }
  const done = new Map<Node, Node>();
  const replaced = (node: Node): Node => done.get(node) ?? node;
  for (const user of nodes) {
    const inputs = user.inputs.map((x) => {
      const y = outputOf.get(x);
      // The output's own mask stays, of course.
      return y === undefined || reluMask(user) === x ? replaced(x) : b.gt(g, replaced(y), 0);
    });
    done.set(user, rebuild(g, user, inputs));
  }
  return results.map(replaced);
}

/** The node x > 0, where the node is select(x > 0, x, 0). */
function reluMask(node: Node): Node | undefined {
  const [mask, x, zero] = select(node);
  const [left, right] = binary(mask, gt) ?? [];
  const isRelu = x !== undefined && left === x && right !== undefined && uniformValue(right) === 0;
  return isRelu && zero !== undefined && uniformValue(zero) === 0 ? mask : undefined;
}
