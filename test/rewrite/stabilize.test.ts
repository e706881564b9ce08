/** Stable forms: right values at extreme inputs, and right gradients through them. */
import { expect, test } from 'vitest';
import { gradient } from '../../compiler/autodiff/gradient.ts';
import * as b from '../../compiler/builder.ts';
import { Graph } from '../../compiler/graph/graph.ts';
import { ndArray } from '../../compiler/graph/nd-array.ts';
import type { Node } from '../../compiler/graph/node.ts';
import { reachable } from '../../compiler/graph/walk.ts';
import { stabilize } from '../../compiler/rewrite/stabilize.ts';
import { exp as expFn } from '../../compiler/scalar/intrinsics.ts';
import { dataInput, elementsOf } from '../autodiff/evaluate-at.ts';

const extreme = [-1e4, -100, -3, -1e-9, 0, 1e-9, 2, 100, 1e4];
type Build = (g: Graph, x: Node) => Node;

/** One-argument functions as a textbook writes them, with their true value and slope. */
const scalarForms: readonly {
  name: string;
  build: Build;
  value: (x: number) => number;
  slope: (x: number) => number;
}[] = [
  {
    name: '1 / (1 + exp(-x))',
    build: (g, x) => b.div(g, 1, b.add(g, 1, b.exp(g, b.neg(g, x)))),
    value: (x) => sigmoid(x),
    slope: (x) => sigmoid(x) * sigmoid(-x),
  },
  {
    name: 'exp(x) / (1 + exp(x))',
    build: (g, x) => b.div(g, b.exp(g, x), b.add(g, b.exp(g, x), 1)),
    value: (x) => sigmoid(x),
    slope: (x) => sigmoid(x) * sigmoid(-x),
  },
  {
    name: 'log(1 + exp(x))',
    build: (g, x) => b.log(g, b.add(g, 1, b.exp(g, x))),
    value: (x) => softplus(x),
    slope: (x) => sigmoid(x),
  },
  {
    name: 'log(1 / (1 + exp(-x)))',
    build: (g, x) => b.log(g, b.div(g, 1, b.add(g, 1, b.exp(g, b.neg(g, x))))),
    value: (x) => -softplus(-x),
    slope: (x) => sigmoid(-x),
  },
  {
    name: 'log(1 - sigmoid(x))',
    build: (g, x) => b.log(g, b.sub(g, 1, b.sigmoid(g, x))),
    value: (x) => -softplus(x),
    slope: (x) => -sigmoid(x),
  },
];
const sigmoid = (x: number): number =>
  x > 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
const softplus = (x: number): number => (x > 30 ? x : Math.log1p(Math.exp(x)));
const near = (got: readonly number[], want: readonly number[]): void => {
  expect(got.length).toBe(want.length);
  got.forEach((v, i) => {
    const w = want[i] ?? Number.NaN;
    expect(Math.abs(v - w), `element ${i}: ${v} for ${w}`).toBeLessThanOrEqual(
      1e-12 * (1e-300 + Math.abs(w)),
    );
  });
};

test.each(scalarForms)('$name', ({ build, value, slope }) => {
  const g = new Graph();
  const x = dataInput(g, 'x', 'f32', [extreme.length]);
  const y = build(g, x);
  const at = new Map([[x, ndArray('f32', [extreme.length], extreme)]]);
  near(elementsOf(stabilized(g, y), at), extreme.map(value));
  near(elementsOf(one(gradient(g, y, [x])), at), extreme.map(slope));
});

const stabilized = (g: Graph, y: Node): Node => one(stabilize(g, [y]));
const one = (nodes: readonly (Node | undefined)[]): Node => {
  const [node] = nodes;
  if (node === undefined) throw new Error('nothing came out');
  return node;
};
const names = (nodes: readonly Node[]): string[] => reachable(nodes).map((n) => n.op.name);

test('small numbers: log(1 + x) and exp(x) - 1 keep their digits', () => {
  const g = new Graph();
  const x = dataInput(g, 'x', 'f32', [2]);
  const at = new Map([[x, ndArray('f32', [2], [1e-20, 0.5])]]);
  near(elementsOf(stabilized(g, b.log(g, b.add(g, x, 1))), at), [1e-20, Math.log(1.5)]);
  near(elementsOf(stabilized(g, b.sub(g, b.exp(g, x), 1)), at), [1e-20, Math.expm1(0.5)]);
  near(elementsOf(stabilized(g, b.add(g, b.exp(g, x), -1)), at), [1e-20, Math.expm1(0.5)]);
  const correction = stabilized(g, b.sub(g, 1, b.pow(g, 0.999, x)));
  near(elementsOf(correction, at), [1e-20 * -Math.log(0.999), -Math.expm1(0.5 * Math.log(0.999))]);
});

test('powers with small exponents become products and roots', () => {
  const g = new Graph();
  const x = dataInput(g, 'x', 'f32', [3]);
  const at = new Map([[x, ndArray('f32', [3], [-2, 0, 3])]]);
  for (const p of [0, 1, 2, 3, 4, 5, 6, 7, 8]) {
    const y = stabilized(g, b.pow(g, x, p));
    expect(names([y])).not.toContain('pow');
    expect(elementsOf(y, at)).toEqual([-2, 0, 3].map((v) => v ** p));
  }
  expect(names([stabilized(g, b.pow(g, x, 0.5))])).toContain('sqrt');
  expect(names([stabilized(g, b.pow(g, x, -0.5))])).toContain('rsqrt');
  expect(
    elementsOf(stabilized(g, b.pow(g, x, -2)), new Map([[x, ndArray('f32', [3], [1, 2, 4])]])),
  ).toEqual([1, 0.25, 0.0625]);
  expect(names([stabilized(g, b.pow(g, x, 1.5))])).toContain('pow');
});

// Rows of logits, and what a softmax over them has to give.
const logits = [1e4, 1e4 - 1, -1e4, 100, -100, 0, 0.5, 0.25, -0.25, 1e4, 9e3, 8e3];
const rows = [0, 1, 2, 3].map((r) => logits.slice(3 * r, 3 * r + 3));
const logSoftmax = (row: readonly number[]): number[] => {
  const top = Math.max(...row);
  const total = row.reduce((sum, v) => sum + Math.exp(v - top), 0);
  return row.map((v) => v - top - Math.log(total));
};

const axis = -1;
const logSoftmaxes: Record<string, Build> = {
  'x - log(sum(exp(x)))': (g, x) => b.sub(g, x, b.log(g, b.sum(g, b.exp(g, x), axis, true))),
  'x - squeezed log': (g, x) =>
    b.sub(g, x, b.reshape(g, b.log(g, b.sum(g, b.exp(g, x), axis)), [4, 1])),
  'log(exp(x) / sum(exp(x)))': (g, x) =>
    b.log(g, b.div(g, b.exp(g, x), b.sum(g, b.exp(g, x), axis, true))),
  'log(softmax) with the maximum taken off': (g, x) => {
    const e = b.exp(g, b.sub(g, x, b.reduce(g, 'max', x, axis, true)));
    return b.log(g, b.div(g, e, b.sum(g, e, axis, true)));
  },
  's - log(sum(exp(s))), s = x - max': (g, x) => {
    const s = b.sub(g, x, b.reduce(g, 'max', x, axis, true));
    return b.sub(g, s, b.log(g, b.sum(g, b.exp(g, s), axis, true)));
  },
  'x - logsumexp, as the prelude has it': (g, x) => {
    const m = b.stopGradient(g, b.reduce(g, 'max', x, axis, true));
    const e = b.exp(g, b.sub(g, x, m));
    return b.sub(g, x, b.add(g, m, b.log(g, b.sum(g, e, axis, true))));
  },
  'x - (log + max), without stop_gradient': (g, x) => {
    const m = b.reduce(g, 'max', x, axis, true);
    const e = b.exp(g, b.sub(g, x, m));
    return b.sub(g, x, b.add(g, b.log(g, b.sum(g, e, axis, true)), m));
  },
};

test('every spelling of log_softmax becomes the same node', () => {
  const g = new Graph();
  const x = dataInput(g, 'x', 'f32', [4, 3]);
  const forms = Object.values(logSoftmaxes).map((build) => stabilized(g, build(g, x)));
  expect(new Set(forms).size).toBe(1);
  expect(names(forms)).toContain('stop_gradient');
});

test.each(Object.entries(logSoftmaxes))('log_softmax as %s', (_, build) => {
  const g = new Graph();
  const x = dataInput(g, 'x', 'f32', [4, 3]);
  const at = new Map([[x, ndArray('f32', [4, 3], logits)]]);
  const y = build(g, x);
  near(elementsOf(stabilized(g, y), at), rows.flatMap(logSoftmax));
  // d/dx of the first column: onehot - softmax.
  const first = b.sum(g, b.slice(g, y, [0, 0], [1, 1], [4, 1]));
  const grad = elementsOf(one(gradient(g, first, [x])), at);
  rows
    .flatMap((row) => logSoftmax(row).map((l, i) => (i === 0 ? 1 : 0) - Math.exp(l)))
    .forEach((want, i) => {
      expect(Math.abs((grad[i] ?? Number.NaN) - want)).toBeLessThan(1e-14);
    });
});

test('softmax over another axis, or over all, with and without the maximum taken off', () => {
  const g = new Graph();
  const x = dataInput(g, 'x', 'f32', [3, 2]);
  const at = new Map([[x, ndArray('f32', [3, 2], [800, 0, 801, 1, 802, -800])]]);
  const plain: Build = (g, x) => b.div(g, b.exp(g, x), b.sum(g, b.exp(g, x), 0));
  const column = (c: readonly number[]) => logSoftmax(c).map(Math.exp);
  const [p, q] = [column([800, 801, 802]), column([0, 1, -800])];
  const got = elementsOf(stabilized(g, plain(g, x)), at);
  [p[0], q[0], p[1], q[1], p[2], q[2]].forEach((w, i) => {
    expect(got[i]).toBeCloseTo(w ?? Number.NaN, 14);
  });
  const all = b.div(g, b.exp(g, x), b.sum(g, b.exp(g, x)));
  expect(elementsOf(stabilized(g, all), at).reduce((s, v) => s + v, 0)).toBeCloseTo(1, 14);
});

test('cross-entropy by hand on probabilities is finite, and its gradient is softmax - onehot', () => {
  const g = new Graph();
  const x = dataInput(g, 'x', 'f32', [4, 3]);
  const target = dataInput(g, 'target', 'f32', [4, 3]);
  const p = b.div(g, b.exp(g, x), b.sum(g, b.exp(g, x), 1, true));
  const loss = b.neg(g, b.mean(g, b.sum(g, b.mul(g, target, b.log(g, p)), 1)));
  const onehot = [0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1];
  const at = new Map([
    [x, ndArray('f32', [4, 3], logits)],
    [target, ndArray('f32', [4, 3], onehot)],
  ]);
  const want = rows.flatMap(logSoftmax);
  const value = -onehot.reduce((s, t, i) => s + t * (want[i] ?? 0), 0) / 4;
  near(elementsOf(stabilized(g, loss), at), [value]);
  const grad = elementsOf(one(gradient(g, loss, [x])), at);
  grad.forEach((v, i) => {
    expect(Math.abs(v - (Math.exp(want[i] ?? 0) - (onehot[i] ?? 0)) / 4)).toBeLessThan(1e-14);
  });
});

test('binary cross-entropy by hand on probabilities', () => {
  const g = new Graph();
  const x = dataInput(g, 'x', 'f32', [extreme.length]);
  const t = dataInput(g, 't', 'f32', [extreme.length]);
  const p = b.div(g, 1, b.add(g, 1, b.exp(g, b.neg(g, x))));
  const right = b.mul(g, t, b.log(g, p));
  const wrong = b.mul(g, b.sub(g, 1, t), b.log(g, b.sub(g, 1, p)));
  const loss = b.neg(g, b.add(g, right, wrong));
  const targets = extreme.map((_, i) => i % 2);
  const at = new Map([
    [x, ndArray('f32', [extreme.length], extreme)],
    [t, ndArray('f32', [extreme.length], targets)],
  ]);
  const want = extreme.map((v, i) => (i % 2 === 1 ? softplus(-v) : softplus(v)));
  near(elementsOf(stabilized(g, loss), at), want);
  const grad = elementsOf(one(gradient(g, loss, [x])), at);
  extreme.forEach((v, i) => {
    expect(Math.abs((grad[i] ?? Number.NaN) - (sigmoid(v) - (i % 2)))).toBeLessThan(1e-14);
  });
});

test('a log-sum-exp that is shifted already is left alone, and running twice changes nothing', () => {
  const g = new Graph();
  const x = dataInput(g, 'x', 'f32', [4, 3]);
  const y = stabilized(g, b.log(g, b.sum(g, b.exp(g, x), 1)));
  expect(stabilized(g, y)).toBe(y);
  expect(names([y]).filter((n) => n === 'max').length).toBe(1);
});

test('rules do not look through a variable', () => {
  const g = new Graph();
  const x = dataInput(g, 'x', 'f32', []);
  const s = b.variable(g, b.sigmoid(g, x), 's');
  const ds = one(gradient(g, b.log(g, s), [s]));
  expect(elementsOf(ds, new Map([[x, ndArray('f32', [], [0])]]))).toEqual([2]);
  // An intermediate value that is no variable is a leaf all the same.
  const h = b.elementwise(g, expFn, x);
  const dh = one(gradient(g, b.log(g, h), [h]));
  expect(elementsOf(dh, new Map([[x, ndArray('f32', [], [0])]]))).toEqual([1]);
});

test('silu and tanh, written by hand', () => {
  const g = new Graph();
  const x = dataInput(g, 'x', 'f32', [extreme.length]);
  const at = new Map([[x, ndArray('f32', [extreme.length], extreme)]]);
  const silu = b.div(g, x, b.add(g, 1, b.exp(g, b.neg(g, x))));
  near(
    elementsOf(stabilized(g, silu), at),
    extreme.map((v) => v * sigmoid(v)),
  );
  const slope = (v: number) => sigmoid(v) + v * sigmoid(v) * sigmoid(-v);
  near(elementsOf(one(gradient(g, silu, [x])), at), extreme.map(slope));
  const [p, q] = [b.exp(g, x), b.exp(g, b.neg(g, x))];
  const tanh = b.div(g, b.sub(g, p, q), b.add(g, p, q));
  near(elementsOf(stabilized(g, tanh), at), extreme.map(Math.tanh));
});
