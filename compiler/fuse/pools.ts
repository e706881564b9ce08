/**
 * Tensors that kernels write part by part: a pooled concat has memory of its own, and what it joins is stored
 * right there. Whoever reads it binds one tensor and asks of no element where it came from. Partial sums of many
 * gradients are read like that.
 */
import { equalShapes } from '../graph/dim.ts';
import type { Graph } from '../graph/graph.ts';
import { elementCount } from '../graph/nd-array.ts';
import type { Node } from '../graph/node.ts';
import { copy } from '../ops/copy.ts';
import { isPool, reshape } from '../ops/view.ts';
import { rebuild, rewrite } from '../rewrite/rebuild.ts';
import { isCompute, shapeOf } from './dataflow.ts';

/** Where a node's result lies in the pool's memory. */
export interface PoolPart {
  readonly pool: Node;
  /** Its first element. */
  readonly first: number;
}

/** The compute node whose result, in its own order, an input of a pool is; undefined where something else is in the way. */
export function memberOf(input: Node): Node | undefined {
  let node = input;
  while (node.op === reshape && node.inputs[0] !== undefined) node = node.inputs[0];
  return isCompute(node) ? node : undefined;
}

/** Every member of a pool by its node. */
export function poolParts(order: readonly Node[]): ReadonlyMap<Node, PoolPart> {
  const parts = new Map<Node, PoolPart>();
  for (const pool of order.filter(isPool)) {
    let first = 0;
    for (const input of pool.inputs) {
      const member = memberOf(input);
      if (member !== undefined) parts.set(member, { pool, first });
      first += elementCount(shapeOf(input));
    }
  }
  return parts;
}

const reshaped = (graph: Graph, node: Node, like: Node): Node => {
  const { shape } = like.type;
  return equalShapes(node.type.shape, shape) ? node : graph.make(reshape, [node], { shape });
};

/** Copies what cannot lie in a pool as it is: a result of the program, an input, what another pool has already. */
export function preparePools(graph: Graph, results: readonly Node[]): readonly Node[] {
  const taken = new Set(results);
  return rewrite(graph, results, [
    {
      name: 'pool/parts',
      apply(g, node) {
        if (!isPool(node) || taken.has(node)) return undefined;
        const inputs = node.inputs.map((input) => {
          const member = memberOf(input);
          let own = member;
          while (own === undefined || taken.has(own)) own = g.make(copy, [own ?? input]);
          taken.add(own);
          return own === member ? input : reshaped(g, own, input);
        });
        const prepared = rebuild(g, node, inputs);
        taken.add(prepared);
        return prepared;
      },
    },
  ]);
}
