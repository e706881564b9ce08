/**
 * Tensors that kernels write part by part: a pooled concat has memory of its own, and what it joins is stored
 * right there. Whoever reads it binds one tensor and asks of no element where it came from. Partial sums of many
 * gradients are read like that.
 */
import type { Graph } from '../graph/graph.ts';
import { elementCount } from '../graph/nd-array.ts';
import type { Node } from '../graph/node.ts';
import { reachable } from '../graph/walk.ts';
import { copy } from '../ops/copy.ts';
import { concat, isPool, reshape } from '../ops/view.ts';
import { rebuild, rewrite } from '../rewrite/rebuild.ts';
import { comparedForEquality, isCompute, shapeOf } from './dataflow.ts';

/** Where a node's result lies in the pool's memory. */
export interface PoolPart {
  readonly pool: Node;
  /** Its first element. */
  readonly first: number;
}

/** The compute node whose result, in its own order, an input of a pool is, below reshapes for which `suits` holds as for itself. */
function memberOf(input: Node, suits: (node: Node) => boolean = () => true): Node | undefined {
  let node = input;
  while (suits(node) && node.op === reshape && node.inputs[0] !== undefined) node = node.inputs[0];
  return suits(node) && isCompute(node) ? node : undefined;
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

/** What must be stored wherever it is computed: members of pools, and what another computation might not equal. */
export const storedForSure = (order: readonly Node[]): ReadonlySet<Node> =>
  new Set([...comparedForEquality(order), ...poolParts(order).keys()]);

/**
 * Kernels store vectors of four, and may fill the last one with anything: a line that vectors do not fill is followed by
 * nothing, and only single numbers begin anywhere.
 */
function keepsVectors(pool: Node): boolean {
  const sizes = pool.inputs.map((input) => elementCount(shapeOf(input)));
  const numbers = sizes.findIndex((size) => size % 4 !== 0);
  return numbers < 0 || sizes.slice(numbers).every((size) => size === 1);
}

/** Copies what cannot lie in a pool as it is: an input, what somebody else reads too, a result of the program. */
export function preparePools(graph: Graph, results: readonly Node[]): readonly Node[] {
  const own = readOnce(results);
  const parts = new Set<Node>();
  return rewrite(graph, results, [
    {
      name: 'pool/parts',
      apply(g, node) {
        if (!isPool(node) || parts.has(node)) return undefined;
        if (!keepsVectors(node)) return g.make(concat, node.inputs, { axis: 0 });
        const inputs = node.inputs.map((input) => {
          const member = memberOf(input, (x) => own.has(x));
          const part = member ?? g.make(copy, [input], { part: parts.size });
          parts.add(part);
          return member === undefined ? part : input;
        });
        const pool = rebuild(g, node, inputs);
        parts.add(pool);
        return pool;
      },
    },
  ]);
}

/** Nodes that one node reads, once, and that are no results. */
function readOnce(results: readonly Node[]): ReadonlySet<Node> {
  const reads = new Map<Node, number>(results.map((node) => [node, 1] as const));
  for (const node of reachable(results))
    for (const x of node.inputs) reads.set(x, (reads.get(x) ?? 0) + 1);
  return new Set([...reads].flatMap(([node, count]) => (count === 1 ? [node] : [])));
}
