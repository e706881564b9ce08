/**
 * The sum of the sums of many tensors (the norm of all gradients) in two steps instead of one for each: partial sums
 * of every tensor, side by side into one pool, and the sum of the pool. The same for the greatest of greatests.
 */
import * as b from '../builder.ts';
import { equalShapes } from '../graph/dim.ts';
import type { Graph } from '../graph/graph.ts';
import { elementCount } from '../graph/nd-array.ts';
import type { Node, Op } from '../graph/node.ts';
import { contract } from '../ops/contract.ts';
import { copy } from '../ops/copy.ts';
import { reduceMax, reduceMin, sum } from '../ops/reduce.ts';
import { concat, isPool, reshape } from '../ops/view.ts';
import { add, max, min } from '../scalar/intrinsics.ts';
import type { Intrinsic } from '../scalar/scalar.ts';
import { LONG, naturalCut } from './long-sums.ts';
import { binary } from './pattern.ts';
import type { Rule } from './rebuild.ts';
import { filled, uniformValue } from './uniform.ts';

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
    // Parts of halves would begin within a word.
    if (node.type.shape.length > 0 || node.type.dtype === 'f16') return undefined;
    for (const [fn, op] of pairs) {
      if (binary(node, fn) === undefined) continue;
      const terms = termsOf(node, fn);
      const reduced = terms.flatMap((t) => totalOf(t, op) ?? []);
      const rest = terms.filter((t) => totalOf(t, op) === undefined);
      if (new Set(reduced).size < 2 || new Set(reduced).size < reduced.length) return undefined;
      if (reduced.reduce((n, x) => n + sizeBelow(x, op), 0) < LONG) return undefined;
      const lines = reduced.flatMap((x) => linesOf(g, x, op));
      const pool = g.make(concat, numbersLast(g, lines, op), { axis: 0, pooled: true });
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
  if (isPool(x)) return x.inputs.filter((line) => !isFilling(line));
  const shape = x.type.shape.map(Number);
  const size = sizeOf(x);
  const line = (of: Node): Node => b.reshape(g, of, [sizeOf(of)]);
  const over = (of: Node, axes: readonly number[]): Node => line(g.make(op, [of], { axes }));
  const source = x.op === op ? whole(x) : x;
  const blocks = inBlocks(source.type.shape.map(Number));
  if (blocks !== undefined && isOfProduct(source))
    return [over(b.reshape(g, source, blocks), [1, 3])];
  const isPart = x.op === op || (shape.length === 1 && size <= SHORT);
  if (isPart && fillsVectors(size)) return [line(x)];
  const cut = isPart ? undefined : naturalCut(shape);
  const rows = shape.slice(0, cut ?? 0).reduce((n, d) => n * d, 1);
  return [over(x, [...shape.keys()].slice(fillsVectors(rows) ? cut : 0))];
}

/** What a tensor is sums of. */
const whole = (sums: Node): Node => sums.inputs[0] ?? sums;

/** Sides of the blocks of a product's result: what any tile of it holds whole. */
const [HEIGHT, WIDTH] = [8, 4];
/** A line of a result as narrow as this is held whole anyway. */
const NARROW = 16;
/** Larger tensors are computed in ranges of rows where a device's bindings are small. */
const MOST_BLOCKED = 2 ** 24;

/** The shape of a matrix as rows of blocks, if blocks divide it. */
function inBlocks(shape: readonly number[]): readonly number[] | undefined {
  const [rows = 0, columns = 0, ...more] = shape;
  const divides = rows % HEIGHT === 0 && columns % WIDTH === 0 && rows > HEIGHT && columns > NARROW;
  return divides && more.length === 0 && rows * columns <= MOST_BLOCKED
    ? [rows / HEIGHT, HEIGHT, columns / WIDTH, WIDTH]
    : undefined;
}

/** Whether a tensor is made of a product element by element: it can then carry what is reduced over its blocks. */
const isOfProduct = (x: Node): boolean =>
  x.op === contract ||
  (x.op.lowering.kind === 'map' &&
    x.inputs.some((y) => equalShapes(y.type.shape, x.type.shape) && isOfProduct(y)));

/**
 * Kernels store vectors of four and may fill the last one with anything: only lines of whole vectors can be followed by
 * others, and single numbers come last.
 */
const fillsVectors = (size: number): boolean => size % 4 === 0;

/** Single numbers come last, zeros after those of a sum: kernels read vectors of four too. */
function numbersLast(g: Graph, lines: readonly Node[], op: Op): readonly Node[] {
  const numbers = lines.filter((line) => !fillsVectors(sizeOf(line)));
  let zero = filled(g, 0, numbers[0]?.type.dtype ?? 'f32', [1]);
  while (op === sum && !fillsVectors(numbers.length)) {
    zero = g.make(copy, [zero]);
    numbers.push(zero);
  }
  return [...lines.filter((line) => fillsVectors(sizeOf(line))), ...numbers];
}

const isFilling = (line: Node): boolean =>
  line.op === copy && line.inputs.every((x) => uniformValue(x) === 0 || isFilling(x));
