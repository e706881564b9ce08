/**
 * The derivative rule of one node, by itself: random cotangents go through the rule, and random changes of the inputs
 * through the node; both ways must lead to the same number.
 */
import { passesDerivative } from '../compiler/autodiff/differentiable.ts';
import { vjp } from '../compiler/autodiff/vjp.ts';
import * as build from '../compiler/builder.ts';
import type { Graph } from '../compiler/graph/graph.ts';
import { type NdArray, ndArray } from '../compiler/graph/nd-array.ts';
import type { Node } from '../compiler/graph/node.ts';
import { interpret } from '../compiler/interpret/interpret.ts';
import { customVjp } from '../compiler/ops/custom-vjp.ts';
import { stopGradient } from '../compiler/ops/view.ts';
import { direction, dot, type Quotient, quotient, typicalDot } from './difference-quotient.ts';

export interface RuleResult extends Quotient {
  readonly node: Node;
  /** The fn of the file whose `vjp` it is. */
  readonly ownRule?: string;
  /** The fn does not change at all nearby, so that any rule is a stand-in for a derivative that says nothing. */
  readonly isFlat: boolean;
}

/** `valueAt` gives the values of the node's inputs, and of whatever they are computed from. Undefined where no derivative passes. */
export function checkRule(
  graph: Graph,
  node: Node,
  valueAt: (node: Node) => NdArray | undefined,
  random: () => number,
): RuleResult | undefined {
  const open = new Set(node.inputs.filter((_, i) => passesDerivative(node, i)));
  if (open.size === 0 || node.op === stopGradient) return undefined;
  const shape = node.type.shape.map(Number);
  const cotangent = build.input(graph, 'cotangent', 'data', node.type.dtype, node.type.shape);
  const seeds = ndArray(node.type.dtype, shape, noise(shape, random));
  const parts = vjp(graph, node, cotangent, (x) => open.has(x));
  const [value] = interpret([node], valueAt);
  const known = (n: Node): NdArray | undefined =>
    n === cotangent ? seeds : n === node ? value : valueAt(n);
  // The same tensor may be several inputs, of which each has a part of the derivative.
  const grads = new Map<Node, Float64Array>();
  for (const [i, part] of parts.entries()) {
    const x = node.inputs[i];
    if (x === undefined || !open.has(x)) continue;
    const sum = grads.get(x) ?? new Float64Array(valueAt(x)?.data.length ?? 0);
    grads.set(x, sum);
    if (part === undefined) continue;
    const [found] = interpret([part], known);
    found?.data.forEach((g, at) => {
      sum[at] = (sum[at] ?? 0) + g;
    });
  }
  const moves = new Map([...grads].map(([x, g]) => [x, scaled(direction(g, random), valueAt(x))]));
  const isOwn = node.op === customVjp;
  const target = isOwn ? (node.inputs[0] ?? node) : node;
  let isFlat = true;
  const along = (t: number): number => {
    const [moved] = interpret([target], (n) => {
      const move = moves.get(n);
      const at = valueAt(n);
      // Of a rule of the file's own the value is computed again from the inputs.
      if (move === undefined || at === undefined) return isOwn && isAbove(n) ? undefined : at;
      return { ...at, data: at.data.map((v, i) => v + t * (move[i] ?? 0)) };
    });
    if (moved?.data.some((v, i) => v !== value?.data[i])) isFlat = false;
    return dot(moved?.data ?? [], seeds.data);
  };
  const isAbove = aboveAny(target, new Set(moves.keys()));
  let [analytic, scale] = [0, 0];
  for (const [x, g] of grads) {
    const move = moves.get(x) ?? [];
    analytic += dot(g, move);
    scale += typicalDot(g, move);
  }
  const result = quotient(along, analytic, Math.max(scale, Number.MIN_VALUE));
  const ownRule = isOwn
    ? String(node.inputs[1]?.attrs['name'] ?? '').replace(/#.*$/, '')
    : undefined;
  return { ...result, node, isFlat, ...(ownRule === undefined ? {} : { ownRule }) };
}

const noise = (shape: readonly number[], random: () => number): Float64Array =>
  Float64Array.from({ length: shape.reduce((n, d) => n * d, 1) }, () => 0.5 + random());

/** Steps in proportion to the values. */
function scaled(move: Float64Array, value: NdArray | undefined): Float64Array {
  const size = rootMeanSquare(value?.data ?? []);
  return move.map((m) => m * Math.max(size, 1e-3));
}

export function rootMeanSquare(data: ArrayLike<number>): number {
  return data.length === 0 ? 0 : Math.sqrt(dot(data, data) / data.length);
}

/** Whether a node below `target` is computed from one of the sources. */
function aboveAny(target: Node, sources: ReadonlySet<Node>): (node: Node) => boolean {
  const known = new Map<Node, boolean>();
  const above = (node: Node): boolean => {
    const seen = known.get(node);
    if (seen !== undefined) return seen;
    known.set(node, false);
    const found = node.inputs.some((x) => sources.has(x) || above(x));
    known.set(node, found);
    return found;
  };
  above(target);
  return above;
}
