/** The reference by hand: values, sizes that are bound, and deep graphs. */
import { expect, test } from 'vitest';
import * as b from '../../compiler/builder.ts';
import { symbol } from '../../compiler/graph/dim.ts';
import { Graph } from '../../compiler/graph/graph.ts';
import { type NdArray, ndArray } from '../../compiler/graph/nd-array.ts';
import { interpret } from '../../compiler/interpret/interpret.ts';
import { bindSizes } from '../../compiler/rewrite/bind.ts';

const given = (values: ReadonlyMap<unknown, NdArray>) => (node: unknown) => values.get(node);

test('a matrix product, by hand', () => {
  const g = new Graph();
  const x = b.input(g, 'x', 'data', 'f32', [2, 3]);
  const y = b.input(g, 'y', 'data', 'f32', [3, 2]);
  const values = new Map([
    [x, ndArray('f32', [2, 3], [1, 2, 3, 4, 5, 6])],
    [y, ndArray('f32', [3, 2], [1, 0, 0, 1, 2, 2])],
  ]);
  const [product] = interpret([b.matmul(g, x, y)], given(values));
  expect(product?.shape).toEqual([2, 2]);
  expect([...(product?.data ?? [])]).toEqual([7, 8, 16, 17]);
});

test('sizes are bound everywhere, and params stay the same nodes', () => {
  const g = new Graph();
  const n = symbol('batch');
  const x = b.input(g, 'x', 'data', 'f32', [n, 2]);
  const w = b.input(g, 'w', 'param', 'f32', [2]);
  const y = b.mean(g, b.mul(g, x, w), 0);
  const [bound] = bindSizes(g, [y], { batch: 4 });
  const inputs: { name: unknown; shape: unknown }[] = [];
  const [result] = interpret([bound ?? y], (node) => {
    if (node.op.name !== 'input') return undefined;
    inputs.push({ name: node.attrs['name'], shape: node.type.shape });
    if (node === w) return ndArray('f32', [2], [1, 10]);
    return ndArray('f32', [4, 2], [1, 2, 3, 4, 5, 6, 7, 8]);
  });
  expect([...(result?.data ?? [])]).toEqual([4, 50]);
  expect(inputs).toContainEqual({ name: 'x', shape: [4, 2] });
});

test('a chain of 50,000 nodes does not overflow the stack', () => {
  const g = new Graph();
  let x = b.input(g, 'x', 'data', 'f32', []);
  const first = x;
  for (let i = 0; i < 50_000; i++) x = b.add(g, x, 1);
  const [y] = interpret([x], (node) => (node === first ? ndArray('f32', [], [0]) : undefined));
  expect(y?.data[0]).toBe(50_000);
});

test('a missing value is our mistake and names the input', () => {
  const g = new Graph();
  const x = b.input(g, 'pixels', 'data', 'f32', []);
  expect(() => interpret([b.neg(g, x)], () => undefined)).toThrow(/input pixels/);
});

test('an MLP step at batch 128 takes the reference seconds, not minutes', () => {
  const g = new Graph();
  const x = b.input(g, 'x', 'data', 'f32', [128, 784]);
  const w = b.input(g, 'w', 'param', 'f32', [784, 512]);
  const v = b.input(g, 'v', 'param', 'f32', [512, 10]);
  const y = b.matmul(g, b.tanh(g, b.matmul(g, x, w)), v);
  const started = performance.now();
  interpret([y], (node) =>
    node.op.name === 'input' ? ndArray('f32', node.type.shape.map(Number)) : undefined,
  );
  expect(performance.now() - started).toBeLessThan(5_000);
});
