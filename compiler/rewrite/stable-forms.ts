/**
 * The numerically stable spellings that the rules of `stabilize.ts` arrive at. The maximum that keeps
 * exponentials in range carries no derivative: the true one is zero.
 */
import * as b from '../builder.ts';
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import { reduceMax } from '../ops/reduce.ts';
import { stopGradient } from '../ops/view.ts';
import * as f from '../scalar/intrinsics.ts';
import { axesAttr, binary, isSpreadOf, spread, underSpread } from './pattern.ts';

type Axes = readonly number[];

const highest = (g: Graph, x: Node, axes: Axes): Node =>
  b.stopGradient(g, g.make(reduceMax, [x], { axes }));

/** x - max(x), at most 0. */
const shifted = (g: Graph, x: Node, axes: Axes): Node =>
  b.sub(g, x, spread(g, highest(g, x, axes), axes, x.type.shape));

const logOfSum = (g: Graph, s: Node, axes: Axes): Node => b.log(g, b.sum(g, b.exp(g, s), axes));

/** log(sum(exp(x))) without overflow; the axes disappear. */
export const logsumexp = (g: Graph, x: Node, axes: Axes): Node =>
  b.add(g, highest(g, x, axes), logOfSum(g, shifted(g, x, axes), axes));

/** x - logsumexp(x), as (x - max) - log(sum(exp(x - max))): for large x the sum of both would round. */
export function logSoftmax(g: Graph, x: Node, axes: Axes): Node {
  const s = shifted(g, x, axes);
  return b.sub(g, s, spread(g, logOfSum(g, s, axes), axes, x.type.shape));
}

/** Whether `top` is the maximum of z over the axes, with or without its derivative. */
export function isHighest(top: Node, z: Node, axes: Axes): boolean {
  const max = top.op === stopGradient ? top.inputs[0] : top;
  return max?.op === reduceMax && max.inputs[0] === z && axesAttr(max).join() === axes.join();
}

/** z, where x is z minus its own maximum over the axes. */
export function unshifted(x: Node, axes: Axes): Node | undefined {
  const [z, repeated] = binary(x, f.sub) ?? [];
  if (z === undefined || repeated === undefined) return undefined;
  const top = underSpread(repeated);
  return isHighest(top, z, axes) && isSpreadOf(repeated, top, axes, z.type.shape) ? z : undefined;
}
