/** Views merge, and views that do nothing go. Every other pass relies on this normal form. */
import * as b from '../builder.ts';
import { addDims, type Dim, equalDims, equalShapes, mulDims } from '../graph/dim.ts';
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import { dimsOf, numbersOf } from '../ops/leaf.ts';
import { expand } from '../ops/reduce.ts';
import { pad, permute, reshape, slice, stopGradient } from '../ops/view.ts';
import type { Rule } from './rebuild.ts';
import { filled, uniformValue } from './uniform.ts';

const inputOf = (node: Node): Node => node.inputs[0] ?? node;

/** Any view of equal numbers is the number, repeated. */
const ofUniform: Rule = {
  name: 'view/uniform',
  apply(g, node) {
    if (!moves.has(node.op)) return undefined;
    const value = uniformValue(node);
    return value === undefined ? undefined : filled(g, value, node.type.dtype, node.type.shape);
  },
};
const moves = new Set([reshape, expand, permute, slice]);

const identity: Rule = {
  name: 'view/identity',
  apply(_, node) {
    const x = inputOf(node);
    if (!equalShapes(node.type.shape, x.type.shape)) return undefined;
    if (node.op === reshape || node.op === expand) return x;
    if (node.op === permute && numbersOf(node.attrs['perm']).every((p, i) => p === i)) return x;
    // With the same sizes and steps of 1 there is no room for another start.
    if (node.op === slice && numbersOf(node.attrs['step']).every((s) => s === 1)) return x;
    if (node.op === pad && dimsOf(node.attrs['interior']).every((k) => k === 0) && isUnpadded(node))
      return x;
    return undefined;
  },
};
const isUnpadded = (node: Node): boolean =>
  [...dimsOf(node.attrs['lo']), ...dimsOf(node.attrs['hi'])].every((d) => d === 0);

const merge: Rule = {
  name: 'view/merge',
  apply(g, node) {
    const inner = inputOf(node);
    const x = inputOf(inner);
    if (inner.op !== node.op) return undefined;
    if (node.op === reshape) return b.reshape(g, x, node.type.shape);
    if (node.op === expand) return b.expand(g, x, node.type.shape);
    if (node.op === permute) {
      const first = numbersOf(inner.attrs['perm']);
      return b.permute(
        g,
        x,
        numbersOf(node.attrs['perm']).map((p) => first[p] ?? p),
      );
    }
    return node.op === slice ? mergeSlices(g, node, inner, x) : undefined;
  },
};

function mergeSlices(g: Graph, node: Node, inner: Node, x: Node): Node {
  const innerStart = dimsOf(inner.attrs['start']);
  const innerStep = numbersOf(inner.attrs['step']);
  const step = numbersOf(node.attrs['step']);
  const start = dimsOf(node.attrs['start']).map((s, i) =>
    addDims(innerStart[i] ?? 0, mulDims(s, innerStep[i] ?? 1)),
  );
  const steps = step.map((s, i) => s * (innerStep[i] ?? 1));
  return b.slice(g, x, start, steps, node.type.shape);
}

/** Moving only axes of size 1 is a reshape. */
const permuteOfOnes: Rule = {
  name: 'view/permute-of-ones',
  apply(g, node) {
    if (node.op !== permute) return undefined;
    const x = inputOf(node);
    const long = numbersOf(node.attrs['perm']).filter((p) => !equalDims(x.type.shape[p] ?? 1, 1));
    if (long.some((p, i) => i > 0 && p < (long[i - 1] ?? 0))) return undefined;
    return b.reshape(g, x, node.type.shape);
  },
};

/** Cuts in the flow of derivatives stand below the views, so that patterns find them in one place. */
const stopBelowViews: Rule = {
  name: 'view/stop-below',
  apply(g, node) {
    if (node.op !== stopGradient) return undefined;
    const inner = inputOf(node);
    if (inner.op === stopGradient) return inner;
    if (!moves.has(inner.op)) return undefined;
    return g.make(inner.op, [b.stopGradient(g, inputOf(inner))], inner.attrs);
  },
};

/** A reshape that only adds or drops axes of size 1 goes below an `expand` that leaves those alone. */
const reshapeBelowExpand: Rule = {
  name: 'view/reshape-below-expand',
  apply(g, node) {
    const inner = inputOf(node);
    if (node.op !== reshape || inner.op !== expand) return undefined;
    const x = inputOf(inner);
    const small = alignSmall(x.type.shape, inner.type.shape, node.type.shape);
    return small && b.expand(g, b.reshape(g, x, small), node.type.shape);
  },
};

/** The unexpanded sizes, at the axes of the reshaped result; undefined where axes really merge or split. */
function alignSmall(
  small: readonly Dim[],
  large: readonly Dim[],
  to: readonly Dim[],
): Dim[] | undefined {
  const out: Dim[] = [];
  let i = 0;
  const skipOnes = (): void => {
    while (i < large.length && equalDims(large[i] ?? 0, 1)) i++;
  };
  for (const d of to) {
    if (equalDims(d, 1)) out.push(1);
    else {
      skipOnes();
      if (i >= large.length || !equalDims(large[i] ?? 0, d)) return undefined;
      out.push(small[i] ?? 1);
      i++;
    }
  }
  skipOnes();
  return i === large.length ? out : undefined;
}

/** Axes of size 1 are added after the arithmetic: log(reshape(x)) → reshape(log(x)). */
const onesAboveMap: Rule = {
  name: 'view/ones-above-map',
  apply(g, node) {
    if (node.op.lowering.kind !== 'map') return undefined;
    const from = node.inputs.find((x) => x.op === reshape)?.inputs[0]?.type.shape;
    if (from === undefined || !differInOnes(from, node.type.shape)) return undefined;
    const below: Node[] = [];
    for (const x of node.inputs) {
      const value = uniformValue(x);
      if (value !== undefined) below.push(filled(g, value, x.type.dtype, from));
      else if (x.op === reshape && equalShapes(inputOf(x).type.shape, from)) below.push(inputOf(x));
      else return undefined;
    }
    return b.reshape(g, g.make(node.op, below, node.attrs), node.type.shape);
  },
};
const differInOnes = (a: readonly Dim[], c: readonly Dim[]): boolean =>
  equalShapes(
    a.filter((d) => !equalDims(d, 1)),
    c.filter((d) => !equalDims(d, 1)),
  );

export const viewRules: readonly Rule[] = [
  ofUniform,
  identity,
  merge,
  permuteOfOnes,
  stopBelowViews,
  reshapeBelowExpand,
  onesAboveMap,
];
