/** Recognises the softmax family in a graph, however it was written. */
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import { contract } from '../ops/contract.ts';
import { mapOp } from '../ops/map.ts';
import { reduceMax, sum } from '../ops/reduce.ts';
import { stopGradient } from '../ops/view.ts';
import {
  axesAttr,
  binary,
  isSpreadOf,
  unary,
  underSpread,
  underViews,
} from '../rewrite/pattern.ts';
import { stabilize } from '../rewrite/stabilize.ts';
import * as f from '../scalar/intrinsics.ts';

/** exp(x) / sum(exp(x)), or its logarithm, as somebody wrote it out. */
export interface Quotient {
  /** What is normalised; where its maximum is taken off first, without that. */
  readonly x: Node;
  /** x has its maximum taken off, so nothing overflows. */
  readonly shifted: boolean;
  readonly axes: readonly number[];
  /** The sum below the line. */
  readonly total: Node;
}

/** exp(x) / sum(exp(x)). */
export function quotientOf(node: Node): Quotient | undefined {
  const [e, bottom] = binary(node, f.div) ?? [];
  const x = unary(e, f.exp);
  if (e === undefined || bottom === undefined || x === undefined) return undefined;
  const total = underSpread(bottom);
  return total.inputs[0] === e ? quotient(x, total, bottom) : undefined;
}

/** x - log(sum(exp(x))). */
export function logQuotientOf(node: Node): Quotient | undefined {
  const [x, spread] = binary(node, f.sub) ?? [];
  if (x === undefined || spread === undefined) return undefined;
  const found = logOfSumOf(underViews(spread).core);
  if (found === undefined || found.x !== x) return undefined;
  return { ...found, x: unshifted(x, found.axes) ?? x };
}

/** log(sum(exp(x))): here x is what stands under the exponential. */
export function logOfSumOf(node: Node): (Omit<Quotient, 'total'> & { total: Node }) | undefined {
  const of = unary(node, f.log);
  if (of === undefined) return undefined;
  const { core } = underViews(of);
  const x = core.op === sum ? unary(core.inputs[0], f.exp) : undefined;
  if (x === undefined) return undefined;
  const axes = axesAttr(core);
  return { x, axes, shifted: unshifted(x, axes) !== undefined, total: core };
}

function quotient(x: Node, total: Node, bottom: Node): Quotient | undefined {
  if (total.op !== sum) return undefined;
  const axes = axesAttr(total);
  if (!isSpreadOf(bottom, total, axes, x.type.shape)) return undefined;
  const z = unshifted(x, axes);
  return { x: z ?? x, shifted: z !== undefined, axes, total };
}

/** z, where x is z minus its maximum over these axes or more, whatever views or `stop_gradient` stand between. */
function unshifted(x: Node, axes: readonly number[]): Node | undefined {
  const [z, repeated] = binary(x, f.sub) ?? [];
  if (z === undefined || repeated === undefined) return undefined;
  let top = underViews(repeated).core;
  while (top.op === stopGradient && top.inputs[0] !== undefined)
    top = underViews(top.inputs[0]).core;
  if (top.op !== reduceMax || top.inputs[0] !== z) return undefined;
  const over = axesAttr(top);
  return axes.every((axis) => over.includes(axis)) ? z : undefined;
}

const neverLast = [contract, mapOp(f.add), mapOp(f.select), mapOp(f.max)];

export type Normalised = 'softmax' | 'log_softmax' | 'sigmoid';

/** Which probabilities a tensor holds, if it is the result of one of these functions. */
export function normalisedBy(graph: Graph, node: Node): Normalised | undefined {
  // What a layer gives is none of them, and there is no need to look at all that it is made of.
  if (neverLast.includes(node.op)) return undefined;
  const [stable] = stabilize(graph, [node]);
  if (stable === undefined) return undefined;
  if (unary(stable, f.sigmoid) !== undefined) return 'sigmoid';
  if (isLogSoftmax(stable)) return 'log_softmax';
  return isLogSoftmax(unary(stable, f.exp)) ? 'softmax' : undefined;
}

/** The form that all spellings of it are brought to: s - log(sum(exp(s))) with s at most 0. */
function isLogSoftmax(node: Node | undefined): boolean {
  const [s, spread] = binary(node, f.sub) ?? [];
  if (s === undefined || spread === undefined) return false;
  const found = logOfSumOf(underSpread(spread));
  return found !== undefined && found.x === s && found.shifted;
}
