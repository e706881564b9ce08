/** Facts about a bound graph that fusion asks for: order, what counts as computation, what is free to repeat. */

import { isFloat } from '../graph/dtype.ts';
import { elementCount } from '../graph/nd-array.ts';
import type { Node } from '../graph/node.ts';
import { InternalError } from '../internal-error.ts';
import { eq, ne } from '../scalar/intrinsics.ts';
import type { Scalar } from '../scalar/scalar.ts';

/** Sizes of a bound node's result. */
export function shapeOf(node: Node): readonly number[] {
  return node.type.shape.map((d) => {
    if (typeof d !== 'number')
      throw new InternalError('fuse', `${node.op.name} has an unbound size ${d.key}`);
    return d;
  });
}

/** Sizes without the axes of size 1, which carry no information. */
export const squeeze = (shape: readonly number[]): number[] => shape.filter((n) => n !== 1);

/** Nodes below the results, inputs before users. */
export function topological(results: readonly Node[]): Node[] {
  const order: Node[] = [];
  const state = new Map<Node, 'open' | 'done'>();
  const stack = [...results].reverse();
  for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
    if (state.get(node) === undefined) {
      state.set(node, 'open');
      for (const x of node.inputs) if (!state.has(x)) stack.push(x);
    } else {
      stack.pop();
      if (state.get(node) === 'open') {
        state.set(node, 'done');
        order.push(node);
      }
    }
  }
  return order;
}

/** Has a kernel of its own unless fused; leaves, views and gathers never have. */
export function isCompute(node: Node): boolean {
  const { kind } = node.op.lowering;
  return kind !== 'leaf' && kind !== 'view' && kind !== 'gather';
}

/** Whether nodes read one of the targets with no kernel between: through views and free maps. */
export function readsDirectly(
  nodes: readonly Node[],
  targets: ReadonlySet<Node>,
  free: ReadonlySet<Node>,
): boolean {
  const seen = new Set<Node>();
  const reads = (n: Node): boolean => {
    if (targets.has(n)) return true;
    if (seen.has(n)) return false;
    seen.add(n);
    return (!isCompute(n) || free.has(n)) && n.inputs.some(reads);
  };
  return nodes.some((n) => n.inputs.some(reads));
}

const scalarCost = (e: Scalar): number =>
  e.kind === 'apply'
    ? e.fn.cost + e.args.reduce((s, a) => s + scalarCost(a), 0)
    : e.kind === 'cast'
      ? scalarCost(e.arg) + 1
      : 0;

/** Multiply-adds for one element of a map. */
export function mapCost(node: Node): number {
  const { lowering } = node.op;
  return lowering.kind === 'map'
    ? scalarCost(lowering.scalar(node.attrs))
    : Number.POSITIVE_INFINITY;
}

/** Clamping an id, and choosing 0 where it is out of range. */
const GATHER = 4;

/** What it costs to compute an element again from memory: work, and the inputs that are read. */
export interface Recompute {
  readonly cost: number;
  readonly reads: ReadonlySet<Node>;
}

/** Of a node computed down to `base` nodes (which have memory) and leaves; undefined where a reduction is in the way. */
export function recomputeCost(
  node: Node,
  isBase: (n: Node) => boolean,
  memo: Map<Node, Recompute | undefined> = new Map(),
): Recompute | undefined {
  if (memo.has(node)) return memo.get(node);
  memo.set(node, undefined);
  const result = recompute(node, isBase, memo);
  memo.set(node, result);
  return result;
}

function recompute(
  node: Node,
  isBase: (n: Node) => boolean,
  memo: Map<Node, Recompute | undefined>,
): Recompute | undefined {
  const { lowering } = node.op;
  if (lowering.kind === 'leaf')
    return { cost: 0, reads: lowering.leaf === 'input' ? new Set([node]) : new Set() };
  if (lowering.kind !== 'view' && lowering.kind !== 'gather' && lowering.kind !== 'map')
    return undefined;
  let cost = lowering.kind === 'map' ? mapCost(node) : lowering.kind === 'gather' ? GATHER : 0;
  const reads = new Set<Node>();
  for (const x of node.inputs) {
    const part = isBase(x) ? { cost: 0, reads: new Set([x]) } : recomputeCost(x, isBase, memo);
    if (part === undefined) return undefined;
    cost += part.cost;
    for (const r of part.reads) reads.add(r);
  }
  return { cost, reads };
}

/**
 * Maps that are computed again wherever they are used rather than stored: cheap ones over inputs (the
 * scaling of an image, a one-hot mask), and scalars. `fixed` ones have to be stored.
 */
export function freeMaps(order: readonly Node[], fixed: ReadonlySet<Node>): Set<Node> {
  const memo = new Map<Node, Recompute | undefined>();
  const free = new Set<Node>();
  for (const node of order) {
    if (node.op.lowering.kind !== 'map' || fixed.has(node)) continue;
    const again = recomputeCost(node, () => false, memo);
    if (again === undefined || again.reads.size > 4) continue;
    const scalar = elementCount(shapeOf(node)) === 1;
    if (again.cost <= (scalar ? 64 : 12) && again.reads.size <= (scalar ? 4 : 2)) free.add(node);
  }
  return free;
}

/**
 * Floats that are compared for equality (the gradient of a maximum asks which element it was). Computed
 * again in another kernel they may differ in the last bit, and the gradient would silently be 0.
 */
export function comparedForEquality(order: readonly Node[]): Set<Node> {
  const compared = new Set<Node>();
  const mark = (node: Node): void => {
    const { kind } = node.op.lowering;
    if (kind === 'view' || kind === 'gather') for (const x of node.inputs) mark(x);
    else if (isFloat(node.type.dtype)) compared.add(node);
  };
  for (const node of order) {
    const { lowering } = node.op;
    if (lowering.kind === 'map' && asksForEquality(lowering.scalar(node.attrs)))
      for (const x of node.inputs) mark(x);
  }
  return compared;
}

const asksForEquality = (e: Scalar): boolean =>
  e.kind === 'apply'
    ? e.fn === eq || e.fn === ne || e.args.some(asksForEquality)
    : e.kind === 'cast' && asksForEquality(e.arg);
