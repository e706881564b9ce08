/** Gradients as graph: their values by hand, their shape, and where they come from. */
import { expect, test } from 'vitest';
import { gradient } from '../../compiler/autodiff/gradient.ts';
import * as b from '../../compiler/builder.ts';
import { Graph } from '../../compiler/graph/graph.ts';
import { ndArray } from '../../compiler/graph/nd-array.ts';
import type { Node } from '../../compiler/graph/node.ts';
import { reachable } from '../../compiler/graph/walk.ts';
import { dataInput, elementsOf } from './evaluate-at.ts';

const scalar = (x: number) => ndArray('f32', [], [x]);
const one = (nodes: readonly (Node | undefined)[]): Node => {
  const [node] = nodes;
  if (node === undefined) throw new Error('no gradient');
  return node;
};
const names = (node: Node): string[] => reachable([node]).map((n) => n.op.name);

test('the second derivative of x**3 at 2 is 12', () => {
  const g = new Graph();
  const x = dataInput(g, 'x', 'f32', []);
  const slope = one(gradient(g, b.pow(g, x, 3), [x]));
  const curvature = one(gradient(g, slope, [x]));
  const at = new Map([[x, scalar(2)]]);
  expect(elementsOf(slope, at)[0]).toBeCloseTo(12, 12);
  expect(elementsOf(curvature, at)[0]).toBeCloseTo(12, 12);
  const third = one(gradient(g, curvature, [x]));
  expect(elementsOf(third, at)[0]).toBeCloseTo(6, 12);
});

test('two variables with the same value have derivatives of their own', () => {
  const g = new Graph();
  const p = b.variable(g, b.literal(g, 2, 'f32'), 'p');
  const q = b.variable(g, b.literal(g, 2, 'f32'), 'q');
  const [dp, dq] = gradient(g, b.mul(g, p, b.mul(g, q, q)), [p, q]);
  expect(elementsOf(one([dp]), new Map())).toEqual([4]);
  expect(elementsOf(one([dq]), new Map())).toEqual([8]);
});

test('the derivative by an intermediate value treats it as a leaf, and others still go through it', () => {
  const g = new Graph();
  const x = dataInput(g, 'x', 'f32', []);
  const h = b.mul(g, x, x);
  const y = b.mul(g, h, h);
  const [dh, dx] = gradient(g, y, [h, x]);
  const at = new Map([[x, scalar(3)]]);
  expect(elementsOf(one([dh]), at)).toEqual([18]);
  expect(elementsOf(one([dx]), at)).toEqual([108]);
});

test('no path: no node; a path whose slope is zero everywhere: zeros', () => {
  const g = new Graph();
  const x = dataInput(g, 'x', 'f32', [3]);
  const other = dataInput(g, 'other', 'f32', [3]);
  expect(gradient(g, b.sum(g, x), [other])).toEqual([undefined]);
  expect(gradient(g, b.sum(g, b.stopGradient(g, x)), [x])).toEqual([undefined]);
  expect(gradient(g, b.cast(g, b.gt(g, x, 0), 'f32'), [x])).toEqual([undefined]);
  expect(gradient(g, b.cast(g, b.cast(g, x, 'i32'), 'f32'), [x])).toEqual([undefined]);
  const flat = one(gradient(g, b.where(g, b.gt(g, x, 0), 1, b.mul(g, x, 0)), [x]));
  expect(elementsOf(flat, new Map([[x, ndArray('f32', [3], [-1, 0, 1])]]))).toEqual([0, 0, 0]);
});

test('relu passes the gradient on where x > 0, and nothing at 0', () => {
  const g = new Graph();
  const x = dataInput(g, 'x', 'f32', [4]);
  const dx = one(gradient(g, b.where(g, b.gt(g, x, 0), x, 0), [x]));
  expect(elementsOf(dx, new Map([[x, ndArray('f32', [4], [-1, 0, 2, 3])]]))).toEqual([0, 0, 1, 1]);
  expect(names(dx)).not.toContain('mul');
});

test('the gradient of a mean makes no products with ones', () => {
  const g = new Graph();
  const x = dataInput(g, 'x', 'f32', [4, 5]);
  const dx = one(gradient(g, b.mean(g, b.exp(g, x)), [x]));
  expect(names(dx).filter((n) => n === 'mul' || n === 'div').length).toBe(2);
});

test('max and minimum share ties evenly', () => {
  const g = new Graph();
  const x = dataInput(g, 'x', 'f32', [3]);
  const y = dataInput(g, 'y', 'f32', [3]);
  const at = new Map([
    [x, ndArray('f32', [3], [1, 2, 3])],
    [y, ndArray('f32', [3], [1, 3, 2])],
  ]);
  expect(elementsOf(one(gradient(g, b.maximum(g, x, y), [x])), at)).toEqual([0.5, 0, 1]);
  expect(elementsOf(one(gradient(g, b.minimum(g, x, y), [y])), at)).toEqual([0.5, 0, 1]);
});

test('gradient nodes know the place and the rule they come from', () => {
  const g = new Graph();
  const x = dataInput(g, 'x', 'f32', [2, 2]);
  const y = g.from({ path: 'dense', line: 'm.nn:3', role: 'forward' }, () => b.matmul(g, x, x));
  const dx = one(gradient(g, b.sum(g, b.tanh(g, y)), [x]));
  const found = reachable([dx]).flatMap((n) => g.originsOf(n));
  expect(found).toContainEqual({
    path: 'dense',
    line: 'm.nn:3',
    role: 'gradient',
    rule: 'vjp of contract',
  });
});

test('a chain of 20,000 nodes is differentiated without recursion', () => {
  const g = new Graph();
  const x = dataInput(g, 'x', 'f32', []);
  let y: Node = x;
  for (let i = 0; i < 20_000; i++) y = b.mul(g, y, 1.0001);
  const dx = one(gradient(g, y, [x]));
  expect(elementsOf(dx, new Map())[0]).toBeCloseTo(1.0001 ** 20_000, 8);
});

test('the last gradient looks through typed lets; others keep them to differentiate by', () => {
  const g = new Graph();
  const x = dataInput(g, 'x', 'f32', [1]);
  const p = b.variable(g, b.sigmoid(g, x), 'p');
  const loss = b.neg(g, b.log(g, p));
  const at = new Map([[x, ndArray('f32', [1], [-1e4])]]);
  expect(elementsOf(one(gradient(g, loss, [x], { last: true })), at)).toEqual([-1]);
  const slope = one(gradient(g, loss, [x]));
  expect(gradient(g, slope, [p])[0]).toBeDefined();
});

test('an identity of its own survives a stable form below it', () => {
  const g = new Graph();
  const x = dataInput(g, 'x', 'f32', []);
  // The variable's value is rewritten (log(1 + exp(x)) → softplus), the variable stays a source.
  const v = b.variable(g, b.log(g, b.add(g, 1, b.exp(g, x))), 'v');
  const cube = b.pow(g, v, 3);
  const first = one(gradient(g, cube, [v]));
  const second = one(gradient(g, first, [v]));
  const value = Math.log(2);
  const at = new Map([[x, scalar(0)]]);
  expect(elementsOf(first, at)[0]).toBeCloseTo(3 * value ** 2, 12);
  expect(elementsOf(second, at)[0]).toBeCloseTo(6 * value, 12);
  // And so does an intermediate value that is no variable.
  const h = b.log(g, b.add(g, 1, b.exp(g, x)));
  const firstByH = one(gradient(g, b.pow(g, h, 3), [h]));
  expect(elementsOf(one(gradient(g, firstByH, [h])), at)[0]).toBeCloseTo(6 * value, 12);
});

test('nested sources: each gets its own total derivative', () => {
  const g = new Graph();
  const x = dataInput(g, 'x', 'f32', []);
  const a = b.exp(g, x);
  const c = b.log(g, b.add(g, a, 1));
  const y = b.mul(g, b.mul(g, a, c), c);
  const at = new Map([[x, scalar(0.5)]]);
  const [dy_da, dy_dc, dy_dx] = gradient(g, y, [a, c, x]);
  const va = Math.exp(0.5);
  const vc = Math.log(va + 1);
  const total = vc ** 2 + (2 * va * vc) / (va + 1);
  expect(elementsOf(one([dy_da]), at)[0]).toBeCloseTo(total, 12);
  expect(elementsOf(one([dy_dc]), at)[0]).toBeCloseTo(2 * va * vc, 12);
  expect(elementsOf(one([dy_dx]), at)[0]).toBeCloseTo(total * va, 12);
});
