/**
 * The sum of the sums of many tensors (the norm of all gradients) in two steps instead of one for each: partial sums
 * of every tensor, side by side into one pool, and the sum of the pool. The same for the greatest of greatests.
 */
import * as b from '../builder.ts';
import type { Graph } from '../graph/graph.ts';
import { elementCount } from '../graph/nd-array.ts';
import type { Node, Op } from '../graph/node.ts';
import { reduceMax, reduceMin, sum } from '../ops/reduce.ts';
import { concat, isPool, reshape } from '../ops/view.ts';
import { add, max, min } from '../scalar/intrinsics.ts';
import type { Intrinsic } from '../scalar/scalar.ts';
import { LONG, naturalCut } from './long-sums.ts';
import { binary } from './pattern.ts';
import type { Rule } from './rebuild.ts';

/** A function of two, and the reduction that it is of many. */
const pairs: readonly (readonly [Intrinsic, Op])[] = [
  [add, sum],
  [max, reduceMax],
  [min, reduceMin],
];

/** Vectors up to this length are members of the pool themselves. */
const SHORT = 1024;

export const pooledSums: Rule = {
  name: 'split/pooled-sums',
  apply(g, node) {
    if (node.type.shape.length > 0) return undefined;
    for (const [fn, op] of pairs) {
      if (binary(node, fn) === undefined) continue;
      const terms = termsOf(node, fn);
      const reduced = terms.flatMap((t) => totalOf(t, op) ?? []);
      const rest = terms.filter((t) => totalOf(t, op) === undefined);
      if (new Set(reduced).size < 2 || new Set(reduced).size < reduced.length) return undefined;
      if (reduced.reduce((n, x) => n + sizeBelow(x, op), 0) < LONG) return undefined;
      const lines = reduced.flatMap((x) => linesOf(g, x, op));
      const pool = g.make(concat, numbersLast(lines), { axis: 0, pooled: true });
      return rest.reduce(
        (total, term) => g.make(node.op, [total, term]),
        g.make(op, [pool], { axes: [0] }),
      );
    }
    return undefined;
  },
};

/** What is added up, through nested additions. */
const termsOf = (node: Node, fn: Intrinsic): readonly Node[] =>
  node.type.shape.length === 0
    ? (binary(node, fn)?.flatMap((x) => termsOf(x, fn)) ?? [node])
    : [node];

/** What a single number is the total of. */
const totalOf = (node: Node, op: Op): Node | undefined =>
  node.op === op && node.type.shape.length === 0 ? node.inputs[0] : undefined;

const sizeOf = (node: Node): number => elementCount(node.type.shape.map(Number));

/** Elements that were added up to get the tensor, as far down as it is sums of the same kind. */
function sizeBelow(x: Node, op: Op): number {
  if (isPool(x)) return x.inputs.reduce((n, input) => n + sizeBelow(input, op), 0);
  const [inner] = x.inputs;
  return inner !== undefined && (x.op === op || x.op === reshape)
    ? sizeBelow(inner, op)
    : sizeOf(x);
}

/** Members of the pool with the same total as the tensor. */
function linesOf(g: Graph, x: Node, op: Op): readonly Node[] {
  if (isPool(x)) return x.inputs;
  const size = sizeOf(x);
  const line = (of: Node): Node => b.reshape(g, of, [sizeOf(of)]);
  const isPart = x.op === op || (x.type.shape.length === 1 && size <= SHORT);
  if (isPart && fillsVectors(size)) return [line(x)];
  const cut = isPart ? undefined : naturalCut(x.type.shape.map(Number));
  const rows = x.type.shape.slice(0, cut ?? 0).reduce<number>((n, d) => n * Number(d), 1);
  const axes = [...x.type.shape.keys()];
  return [line(g.make(op, [x], { axes: fillsVectors(rows) ? axes.slice(cut) : axes }))];
}

/**
 * Kernels store vectors of four and may fill the last one with anything: only lines of whole vectors can be followed by
 * others, and single numbers come last.
 */
const fillsVectors = (size: number): boolean => size % 4 === 0;

const numbersLast = (lines: readonly Node[]): readonly Node[] => [
  ...lines.filter((line) => fillsVectors(sizeOf(line))),
  ...lines.filter((line) => !fillsVectors(sizeOf(line))),
];
