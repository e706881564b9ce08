/** The vocabulary that everything builds graphs with: shapes, broadcasting, and the mistakes it reports. */
import { expect, test } from 'vitest';
import * as b from '../../compiler/builder.ts';
import { shapeText, symbol } from '../../compiler/graph/dim.ts';
import { Graph } from '../../compiler/graph/graph.ts';
import { type Node, ShapeError } from '../../compiler/graph/node.ts';
import { dataInput } from '../autodiff/evaluate-at.ts';

const shapeOf = (x: Node): string => shapeText(x.type.shape);
const n = symbol('batch');

test('equal applications are one node, which lists every place it came from', () => {
  const g = new Graph();
  const x = dataInput(g, 'x', 'f32', [2]);
  const first = g.from({ path: 'a', role: 'forward' }, () => b.exp(g, x));
  const second = g.from({ path: 'b', role: 'forward' }, () => b.exp(g, x));
  expect(second).toBe(first);
  expect(g.originsOf(first).map((o) => o.path)).toEqual(['a', 'b']);
  expect(b.literal(g, 0, 'f32')).not.toBe(b.literal(g, -0, 'f32'));
  expect(b.literal(g, 1, 'f32')).not.toBe(b.literal(g, 1, 'i32'));
  expect(b.variable(g, x, 'p')).not.toBe(b.variable(g, x, 'q'));
});

test('a scope ends with its body, even when that throws', () => {
  const g = new Graph();
  expect(() =>
    g.from({ path: 'inner', role: 'forward' }, () => {
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(g.scope.path).toBe('');
});

test.each([
  [[[3, 1], [4]], '[3, 4]'],
  [[[], [2, 2]], '[2, 2]'],
  [
    [
      [n, 1],
      [1, 5],
    ],
    '[batch, 5]',
  ],
  [[[n], [n]], '[batch]'],
  [[[1], [1]], '[1]'],
])('broadcast %j', (shapes, want) => {
  expect(shapeText(b.broadcastShapes(shapes))).toBe(want);
});

const code = (body: () => unknown): string => {
  try {
    body();
  } catch (error) {
    if (error instanceof ShapeError) return error.code;
    throw error;
  }
  return 'no error';
};

test('mistakes in shapes and dtypes carry the code of their diagnostic', () => {
  const g = new Graph();
  const x = dataInput(g, 'x', 'f32', [2, 3]);
  const i = dataInput(g, 'i', 'i32', [2, 3]);
  const s = dataInput(g, 's', 'f32', []);
  expect(code(() => b.broadcastShapes([[2], [3]]))).toBe('NN0207');
  expect(code(() => b.broadcastShapes([[n], [3]]))).toBe('NN0207');
  expect(code(() => b.add(g, x, i))).toBe('NN0240');
  expect(code(() => b.exp(g, i))).toBe('NN0240');
  expect(code(() => b.matmul(g, x, x))).toBe('NN0203');
  expect(code(() => b.matmul(g, x, s))).toBe('NN0203');
  expect(code(() => b.sum(g, x, 2))).toBe('NN0210');
  expect(code(() => b.reshape(g, x, [5]))).toBe('NN0209');
  expect(code(() => b.concat(g, [x, dataInput(g, 'y', 'f32', [3, 3])], 1))).toBe('NN0205');
});

test.each([
  [[2, 3], [3, 4], '[2, 4]'],
  [[3], [3], '[]'],
  [[3], [3, 4], '[4]'],
  [[2, 3], [3], '[2]'],
  [[5, 2, 3], [3, 4], '[5, 2, 4]'],
  [[5, 1, 2, 3], [7, 3, 4], '[5, 7, 2, 4]'],
  [[n, 3], [3, 4], '[batch, 4]'],
])('%j @ %j', (left, right, want) => {
  const g = new Graph();
  const x = b.input(g, 'x', 'data', 'f32', left);
  const y = b.input(g, 'y', 'param', 'f32', right);
  expect(shapeOf(b.matmul(g, x, y))).toBe(want);
});

test('numbers take the dtype of the tensors beside them', () => {
  const g = new Graph();
  const i = dataInput(g, 'i', 'i32', [2]);
  const c = b.gt(g, i, 1);
  expect(c.type.dtype).toBe('bool');
  expect(b.where(g, c, i, 0).type.dtype).toBe('i32');
  expect(b.where(g, c, 1, 0).type.dtype).toBe('f32');
  expect(b.where(g, c, 1, b.cast(g, i, 'f16')).type.dtype).toBe('f16');
});

test('reductions, axes from either end', () => {
  const g = new Graph();
  const x = b.input(g, 'x', 'data', 'f32', [n, 3, 4]);
  expect(shapeOf(b.sum(g, x))).toBe('[]');
  expect(shapeOf(b.sum(g, x, -1))).toBe('[batch, 3]');
  expect(shapeOf(b.sum(g, x, [0, -1], true))).toBe('[1, 3, 1]');
  expect(b.sum(g, x, [])).toBe(x);
  expect(b.sum(g, x, [1, -2])).toBe(b.sum(g, x, 1));
  expect(b.reduce(g, 'argmax', x, 1).type.dtype).toBe('i32');
  expect(shapeOf(b.mean(g, x, 0))).toBe('[3, 4]');
});

test('einsum sums labels that stand alone, and refuses others in the result', () => {
  const g = new Graph();
  const x = dataInput(g, 'x', 'f32', [2, 3, 4]);
  const y = dataInput(g, 'y', 'f32', [4, 5]);
  expect(shapeOf(b.einsum(g, 'abk,kn->nb', x, y))).toBe('[5, 3]');
  expect(() => b.einsum(g, 'abk,kn->nz', x, y)).toThrow(/neither operand/);
});
