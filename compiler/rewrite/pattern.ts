/** What rules ask of a node: which scalar function it applies, and what lies under its views. */
import * as b from '../builder.ts';
import { type Dim, equalShapes } from '../graph/dim.ts';
import type { Graph } from '../graph/graph.ts';
import type { Node, Op } from '../graph/node.ts';
import { numbersOf } from '../ops/leaf.ts';
import { mapOp } from '../ops/map.ts';
import { expand } from '../ops/reduce.ts';
import { permute, reshape, slice } from '../ops/view.ts';
import { neg } from '../scalar/intrinsics.ts';
import type { Intrinsic } from '../scalar/scalar.ts';
import { uniformValue } from './uniform.ts';

/** The operand of `fn(x)`. */
export const unary = (node: Node | undefined, fn: Intrinsic): Node | undefined =>
  node?.op === mapOp(fn) ? node.inputs[0] : undefined;

/** The operands of `fn(x, y)`. */
export function binary(node: Node | undefined, fn: Intrinsic): readonly [Node, Node] | undefined {
  if (node?.op !== mapOp(fn)) return undefined;
  const [x, y] = node.inputs;
  return x && y && [x, y];
}

/** The operands of a commutative function in both orders; none where the node is something else. */
export function bothOrders(
  node: Node | undefined,
  fn: Intrinsic,
): readonly (readonly [Node, Node])[] {
  const pair = binary(node, fn);
  return pair === undefined ? [] : [pair, [pair[1], pair[0]]];
}

/** The other operand, where one of the two is the number c everywhere. */
export const besides = (node: Node | undefined, fn: Intrinsic, c: number): Node | undefined =>
  bothOrders(node, fn).find(([x]) => uniformValue(x) === c)?.[1];

/** -x, without a second minus. */
export const negated = (g: Graph, x: Node): Node => unary(x, neg) ?? b.neg(g, x);

const movers: ReadonlySet<Op> = new Set([reshape, expand, permute, slice]);

/** What lies under the views that only move or repeat elements, and the same views over another tensor. */
export function underViews(node: Node): { core: Node; again: (g: Graph, core: Node) => Node } {
  const views: Node[] = [];
  let core = node;
  for (; movers.has(core.op) && core.inputs[0] !== undefined; core = core.inputs[0])
    views.unshift(core);
  return {
    core,
    again: (g, x) => views.reduce((inner, view) => g.make(view.op, [inner], view.attrs), x),
  };
}

/** A reduced tensor, repeated along the axes that were reduced: what broadcasting with keepdims gives. */
export function spread(
  g: Graph,
  reduced: Node,
  axes: readonly number[],
  shape: readonly Dim[],
): Node {
  const kept = shape.map((d, i) => (axes.includes(i) ? 1 : d));
  return b.expand(g, b.reshape(g, reduced, kept), shape);
}

export const axesAttr = (node: Node): readonly number[] => numbersOf(node.attrs['axes']);

/** What is under an `expand` and a `reshape`, each of which may be missing. */
export function underSpread(node: Node): Node {
  const inner = node.op === expand ? node.inputs[0] : node;
  return (inner?.op === reshape ? inner.inputs[0] : inner) ?? node;
}

/** Whether `node` is `reduced`, made by a reduction of a tensor of this shape over `axes`, repeated along them. */
export function isSpreadOf(
  node: Node,
  reduced: Node,
  axes: readonly number[],
  shape: readonly Dim[],
): boolean {
  const kept = shape.map((d, i) => (axes.includes(i) ? 1 : d));
  const inner = node.op === expand ? node.inputs[0] : node;
  return (
    equalShapes(node.type.shape, shape) &&
    inner !== undefined &&
    equalShapes(inner.type.shape, kept) &&
    (inner === reduced || (inner.op === reshape && inner.inputs[0] === reduced))
  );
}
