/** Sums and contractions of what is repeated, transposed or constant. */
import * as b from '../builder.ts';
import { type Dim, equalDims, productOf } from '../graph/dim.ts';
import { isFloat } from '../graph/dtype.ts';
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import { contract, labelsOf } from '../ops/contract.ts';
import { numbersOf } from '../ops/leaf.ts';
import { expand, reduceMax, reduceMin, sum } from '../ops/reduce.ts';
import { permute } from '../ops/view.ts';
import { axesAttr } from './pattern.ts';
import type { Rule } from './rebuild.ts';
import { uniformValue } from './uniform.ts';

/** A reduction over axes of size 1 only is a reshape. */
const reduceOfOnes: Rule = {
  name: 'reduce/ones',
  apply(g, node) {
    const [x] = node.inputs;
    if (![sum, reduceMax, reduceMin].includes(node.op) || x === undefined) return undefined;
    const axes = axesAttr(node);
    const long = axes.filter((a) => !equalDims(x.type.shape[a] ?? 0, 1));
    if (long.length === axes.length) return undefined;
    const inner = long.length === 0 ? x : g.make(node.op, [x], { axes: long });
    return b.reshape(g, inner, node.type.shape);
  },
};

/** sum(expand(x)) → n · sum(x), and the greatest of equals is any of them. */
const reduceOfExpand: Rule = {
  name: 'reduce/expand',
  apply(g, node) {
    const [repeated] = node.inputs;
    const x = repeated?.op === expand ? repeated.inputs[0] : undefined;
    if (![sum, reduceMax, reduceMin].includes(node.op) || !repeated || !x) return undefined;
    const axes = axesAttr(node);
    const stretched = axes.filter(
      (a) => !equalDims(x.type.shape[a] ?? 0, repeated.type.shape[a] ?? 0),
    );
    if (stretched.length === 0) return undefined;
    // Without the stretching along the reduced axes, those have size 1.
    const kept = repeated.type.shape.map((d, i) => (stretched.includes(i) ? 1 : d));
    const rest = g.make(node.op, [b.expand(g, x, kept)], { axes });
    if (node.op !== sum) return rest;
    // A half-precision number cannot hold every count.
    if (node.type.dtype === 'f16') return undefined;
    const count = productOf(stretched.map((a) => repeated.type.shape[a] ?? 1));
    return b.mul(g, rest, b.size(g, count, node.type.dtype));
  },
};

/** contract(permute(a), b) reads a in its own order under other labels. */
const contractOfPermute: Rule = {
  name: 'contract/permute',
  apply(g, node) {
    const [p, q] = node.inputs;
    if (node.op !== contract || p === undefined || q === undefined) return undefined;
    const { a, b: right, out } = labelsOf(node.attrs['labels']);
    const [x, la] = withoutPermute(p, a);
    const [y, lb] = withoutPermute(q, right);
    if (x === p && y === q) return undefined;
    return g.make(contract, [x, y], { ...node.attrs, labels: `${la},${lb}->${out}` });
  },
};

function withoutPermute(x: Node, labels: string): readonly [Node, string] {
  const [inner] = x.inputs;
  if (x.op !== permute || inner === undefined) return [x, labels];
  const perm = numbersOf(x.attrs['perm']);
  return [inner, perm.map((_, axis) => labels[perm.indexOf(axis)] ?? '').join('')];
}

/** A product with one number everywhere is a sum of the other factor. */
const contractOfUniform: Rule = {
  name: 'contract/uniform',
  apply(g, node) {
    const [p, q] = node.inputs;
    if (node.op !== contract || p === undefined || q === undefined) return undefined;
    if (!isFloat(node.type.dtype)) return undefined;
    const { a, b: right, out } = labelsOf(node.attrs['labels']);
    const [c, d] = [uniformValue(p), uniformValue(q)];
    if (c !== undefined) return b.mul(g, sumTo(g, q, right, out, node.type.shape), c);
    return d === undefined ? undefined : b.mul(g, sumTo(g, p, a, out, node.type.shape), d);
  },
};

/** Sums over the labels that the result lacks, and repeats along those that only the result has. */
function sumTo(g: Graph, x: Node, labels: string, out: string, shape: readonly Dim[]): Node {
  const summed = [...labels].flatMap((l, i) => (out.includes(l) ? [] : [i]));
  const left = [...labels].filter((l) => out.includes(l));
  const order = [...out].filter((l) => left.includes(l));
  const ordered = b.permute(
    g,
    b.sum(g, x, summed),
    order.map((l) => left.indexOf(l)),
  );
  const kept = [...out].map((l, i) => (left.includes(l) ? (shape[i] ?? 1) : 1));
  return b.expand(g, b.reshape(g, ordered, kept), shape);
}

export const reduceRules: readonly Rule[] = [
  reduceOfOnes,
  reduceOfExpand,
  contractOfPermute,
  contractOfUniform,
];
