/** Every op record, every sample: shape rule, reference meaning and derivative agree with each other. */
import { expect, test } from 'vitest';
import { dependents } from '../../compiler/autodiff/differentiable.ts';
import { gradient } from '../../compiler/autodiff/gradient.ts';
import { jvp } from '../../compiler/autodiff/jvp.ts';
import * as b from '../../compiler/builder.ts';
import { isFloat } from '../../compiler/graph/dtype.ts';
import { Graph } from '../../compiler/graph/graph.ts';
import { elementCount, type NdArray } from '../../compiler/graph/nd-array.ts';
import type { Node, Op, Sample } from '../../compiler/graph/node.ts';
import { defineMap } from '../../compiler/ops/map.ts';
import { builtinOps } from '../../compiler/ops/registry.ts';
import { add, div, exp, neg } from '../../compiler/scalar/intrinsics.ts';
import { apply, literal } from '../../compiler/scalar/scalar.ts';
import {
  dataInput,
  dot,
  interpreted,
  moved,
  random,
  randomArray,
} from '../autodiff/evaluate-at.ts';

const SEED = 20260901;

interface Applied {
  readonly g: Graph;
  readonly inputs: readonly Node[];
  readonly y: Node;
  readonly at: Map<Node, NdArray>;
  readonly next: () => number;
}

function applied(op: Op, sample: Sample): Applied {
  const g = new Graph();
  const next = random(SEED);
  const inputs = sample.inputs.map((t, i) => dataInput(g, `x${i}`, t.dtype, t.shape));
  const at = new Map(
    inputs.map((x, i) => {
      const t = sample.inputs[i];
      return [x, randomArray(next, x.type.dtype, t?.shape ?? [], t?.range)] as const;
    }),
  );
  return { g, inputs, y: g.make(op, inputs, sample.attrs ?? {}), at, next };
}

const cases = builtinOps.flatMap((op) =>
  (op.samples ?? []).map((sample, i) => ({ title: `${op.name} ${i}`, op, sample })),
);

test('every op but `input` brings samples', () => {
  const without = builtinOps.filter((op) => (op.samples ?? []).length === 0);
  expect(without.map((op) => op.name)).toEqual(['input']);
});

test('names are unique', () => {
  const names = builtinOps.map((op) => op.name);
  expect(new Set(names).size).toBe(names.length);
});

test.each(cases)('$title: infer agrees with evaluate', ({ op, sample }) => {
  const { y, at } = applied(op, sample);
  const [value] = interpreted([y], at);
  expect(value?.dtype).toBe(y.type.dtype);
  expect(value?.shape).toEqual(y.type.shape);
  expect(value?.data.length).toBe(elementCount(value?.shape ?? []));
  expect(value?.data.every((v) => !Number.isNaN(v))).toBe(true);
});

const moving = (a: Applied): readonly Node[] =>
  isFloat(a.y.type.dtype) ? a.inputs.filter((x) => dependents([a.y], new Set([x])).has(a.y)) : [];
const smooth = cases.filter(({ op, sample }) => moving(applied(op, sample)).length > 0);

test('most ops have a derivative to check', () => {
  expect(new Set(smooth.map((c) => c.op.name)).size).toBeGreaterThanOrEqual(40);
});

test.each(smooth)('$title: <jvp(v), u> = <v, vjp(u)>', ({ op, sample }) => {
  const a = applied(op, sample);
  checkInnerProducts(a);
});

test.each(smooth)('$title: the derivative agrees with finite differences', ({ op, sample }) => {
  checkDifferences(applied(op, sample));
});

/** The gradient of y weighted by u, moved along v, by both modes. */
function directional(a: Applied) {
  const sources = moving(a);
  const shapeOf = (x: Node): number[] => x.type.shape.map(Number);
  const u = randomArray(a.next, 'f32', shapeOf(a.y), [-1, 1]);
  const uNode = dataInput(a.g, 'u', a.y.type.dtype, shapeOf(a.y));
  const vs = sources.map((x) => randomArray(a.next, 'f32', shapeOf(x), [-1, 1]));
  const vNodes = sources.map((x, i) => dataInput(a.g, `v${i}`, x.type.dtype, shapeOf(x)));
  const at = new Map([...a.at, [uNode, u], ...vNodes.map((n, i) => [n, vs[i] ?? u] as const)]);
  return { sources, u, uNode, vs, vNodes, at };
}

function reverseProduct(a: Applied, d: ReturnType<typeof directional>): number {
  const weighted = b.sum(a.g, b.mul(a.g, a.y, d.uNode));
  const grads = gradient(a.g, weighted, d.sources);
  return grads.reduce((sum, grad, i) => {
    const v = d.vs[i];
    if (grad === undefined || v === undefined) throw new Error('a gradient is missing');
    expect(grad.type).toEqual(d.sources[i]?.type);
    return sum + dot(interpreted([grad], d.at)[0] ?? v, v);
  }, 0);
}

function checkInnerProducts(a: Applied): void {
  const d = directional(a);
  const [tangent] = jvp(a.g, [a.y], new Map(d.sources.map((x, i) => [x, d.vNodes[i] ?? x])));
  const forward = tangent === undefined ? 0 : dot(interpreted([tangent], d.at)[0] ?? d.u, d.u);
  const reverse = reverseProduct(a, d);
  expect(Math.abs(forward - reverse)).toBeLessThanOrEqual(1e-10 * (1 + Math.abs(reverse)));
}

function checkDifferences(a: Applied): void {
  const d = directional(a);
  const h = 1e-6;
  const shifted = (step: number): number => {
    const at = new Map(a.at);
    d.sources.forEach((x, i) => {
      const value = a.at.get(x);
      const v = d.vs[i];
      if (value !== undefined && v !== undefined) at.set(x, moved(value, v, step));
    });
    return dot(interpreted([a.y], at)[0] ?? d.u, d.u);
  };
  const slope = (shifted(h) - shifted(-h)) / (2 * h);
  const reverse = reverseProduct(a, d);
  expect(Math.abs(slope - reverse)).toBeLessThanOrEqual(1e-7 * (1 + Math.abs(reverse)));
}

test('an op defined right here has shape rule, meaning and derivative', () => {
  const one = literal(1);
  const silu = defineMap('silu', 1, (x) =>
    apply(div, x, apply(add, one, apply(exp, apply(neg, x)))),
  );
  const sample: Sample = { inputs: [{ dtype: 'f32', shape: [3, 4] }] };
  const a = applied(silu, sample);
  const [x] = a.inputs;
  const value = interpreted([a.y], a.at)[0];
  const given = x && a.at.get(x);
  expect(value?.data[0]).toBeCloseTo(
    (given?.data[0] ?? 0) / (1 + Math.exp(-(given?.data[0] ?? 0))),
    14,
  );
  checkInnerProducts(applied(silu, sample));
  checkDifferences(applied(silu, sample));
});
