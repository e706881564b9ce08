/** Partial sums of many tensors in one pool: what the kernels are, and that the numbers are right. */
import { afterAll, describe, expect, test } from 'vitest';
import * as b from '../../compiler/builder.ts';
import { Graph } from '../../compiler/graph/graph.ts';
import { type NdArray, ndArray } from '../../compiler/graph/nd-array.ts';
import type { Node } from '../../compiler/graph/node.ts';
import { interpret } from '../../compiler/interpret/interpret.ts';
import { partsOfSpec } from '../../compiler/kernel/spec.ts';
import { isPool } from '../../compiler/ops/view.ts';
import { runPasses } from '../../compiler/rewrite/passes.ts';
import { closeTestDevice, compileGraph, runGraph } from '../support/run-graph.ts';

afterAll(closeTestDevice);

/** Small whole numbers: sums of their squares are exact in any order. */
const whole = (shape: readonly number[], salt: number): NdArray =>
  ndArray(
    'f32',
    shape,
    Array.from({ length: shape.reduce((n, d) => n * d, 1) }, (_, i) => ((i * 7 + salt) % 11) - 5),
  );

const shapes = [[784, 128], [128], [128, 10], [10], [65, 33], [9]] as const;

function totals(op: 'sum' | 'max') {
  const g = new Graph();
  const inputs = shapes.map((shape, i) => b.input(g, `x${i}`, 'data', 'f32', shape));
  // Something has to be computed of each, as gradients are.
  const each = inputs.map((x) => b.mul(g, x, x));
  const total = each
    .map((x) => b.reduce(g, op, x, [...x.type.shape.keys()], false))
    .reduce((a, x) => (op === 'sum' ? b.add(g, a, x) : b.maximum(g, a, x)));
  const given = new Map<string, NdArray>(
    shapes.map((shape, i) => [`x${i}`, whole(shape, i)] as const),
  );
  const givenOf = (n: Node): NdArray | undefined => given.get(String(n.attrs['name']));
  return { g, inputs, total, given, givenOf };
}

const poolsBelow = (node: Node): number =>
  (isPool(node) ? 1 : 0) + node.inputs.reduce((n, x) => n + poolsBelow(x), 0);

describe.each(['sum', 'max'] as const)('the %s of six tensors', (op) => {
  const { g, total, given, givenOf } = totals(op);
  const passed = runPasses(g, [total]);

  test('is two dispatches, of which the second binds one tensor', () => {
    expect(passed.map(poolsBelow)).toEqual([1]);
    const { kernelPlan } = compileGraph(g, passed);
    expect(kernelPlan.kernels.length).toBe(2);
    const [parts, last] = kernelPlan.kernels;
    expect(last?.operands.filter((o) => o.access === 'read').length).toBe(1);
    const pool = last?.operands.find((o) => o.access === 'read')?.tensor;
    const written = parts?.operands.filter((o) => o.tensor.part?.of === pool);
    // Zeros after the single numbers of a sum make up whole vectors.
    expect(written?.length).toBe(shapes.length + (op === 'sum' ? 1 : 0));
  });

  test('is right', async () => {
    const [expected] = interpret([total], givenOf);
    const { values } = await runGraph(g, passed, given);
    expect([...(values[0]?.data ?? [])]).toEqual([...(expected?.data ?? [])]);
  });
});

test('the blocks of a product are reduced where it is computed', async () => {
  const g = new Graph();
  const [x, dy] = [
    b.input(g, 'x0', 'data', 'f32', [32, 784]),
    b.input(g, 'x1', 'data', 'f32', [32, 128]),
  ];
  const grad = b.matmul(g, b.transpose(g, x), dy);
  const squares = b.mul(g, b.abs(g, grad), b.abs(g, grad));
  const other = b.input(g, 'x2', 'data', 'f32', [64]);
  const norm = b.add(g, b.sum(g, squares, [0, 1]), b.sum(g, b.mul(g, other, other), [0]));
  const results = [norm, grad];
  const { kernelPlan } = compileGraph(g, runPasses(g, results));
  const product = partsOfSpec(kernelPlan.kernels[0] ?? raise()).find((s) => s.kind === 'contract');
  expect(product?.blocks).toMatchObject({ m: 8, n: 4 });
  expect(kernelPlan.kernels.length).toBe(2);
  const given = new Map([
    ['x0', whole([32, 784], 1)],
    [
      'x1',
      ndArray(
        'f32',
        [32, 128],
        Array.from({ length: 32 * 128 }, (_, i) => +(i % 97 === 5)),
      ),
    ],
    ['x2', whole([64], 3)],
  ]);
  const { values } = await runGraph(g, runPasses(g, results), given);
  const expected = interpret(results, (n) => given.get(String(n.attrs['name'])));
  values.forEach((value, i) => {
    expect([...value.data], `result ${i}`).toEqual([...(expected[i]?.data ?? [])]);
  });
});

test.each([
  [8, 4],
  [4, 8],
] as const)('blocks of %i by %i are held by the tiles of one orientation', (m, n) => {
  const g = new Graph();
  const product = b.matmul(
    g,
    b.input(g, 'x0', 'data', 'f32', [8 * m, 12]),
    b.input(g, 'x1', 'data', 'f32', [12, 8 * n]),
  );
  const sums = b.sum(g, b.reshape(g, product, [8, m, 8, n]), [1, 3]);
  const [kernel, ...others] = compileGraph(g, [product, sums]).kernels;
  expect(others).toEqual([]);
  expect(kernel?.spec).toMatchObject({ kind: 'contract', blocks: { m, n } });
  expect(kernel?.schedule).toMatchObject({ swapped: m === 4 });
});

const raise = (): never => {
  throw new Error('no kernel');
};

test('a sum that is wanted by itself, or by a second pool, is copied into it', async () => {
  const { g, inputs, total, given, givenOf } = totals('sum');
  const squares = inputs.map((x) => b.mul(g, x, x));
  const sum = (x: Node): Node => b.sum(g, x, [...x.type.shape.keys()]);
  const [first, , third] = squares.map(sum);
  if (first === undefined || third === undefined) throw new Error('no squares');
  const results = [total, third, b.add(g, third, first)];
  const { values } = await runGraph(g, runPasses(g, results), given);
  const expected = interpret(results, givenOf);
  values.forEach((value, i) => {
    expect([...value.data], `result ${i}`).toEqual([...(expected[i]?.data ?? [])]);
  });
});

test('few elements are added up by one kernel as before', () => {
  const g = new Graph();
  const inputs = [0, 1].map((i) => b.input(g, `x${i}`, 'data', 'f32', [32, 8]));
  const total = inputs
    .map((x) => b.sum(g, b.mul(g, x, x), [0, 1]))
    .reduce((a, x) => b.add(g, a, x));
  const passed = runPasses(g, [total]);
  expect(passed.map(poolsBelow)).toEqual([0]);
  expect(compileGraph(g, passed).kernelPlan.kernels.length).toBe(1);
});
