/** How many numbers an invocation holds at once, counted by hand. */
import { describe, expect, test } from 'vitest';
import * as b from '../../compiler/builder.ts';
import { Graph } from '../../compiler/graph/graph.ts';
import type { Node } from '../../compiler/graph/node.ts';
import { variable } from '../../compiler/index/index-expr.ts';
import { heldAtOnce, registersOf } from '../../compiler/kernel/registers.ts';
import { partsOfSpec } from '../../compiler/kernel/spec.ts';
import { type Value, Values } from '../../compiler/kernel/value.ts';
import { add, mul } from '../../compiler/scalar/intrinsics.ts';
import { compileGraph } from '../support/run-graph.ts';

describe('a formula', () => {
  const values = new Values();
  const x = (operand: number): Value => values.load(operand, 'f32', 'f32', variable('i0', 8));
  const sum = (...args: readonly [Value, Value]): Value => values.apply(add, args, 'f32');

  test('a sum of many is two: what there is so far, and the next', () => {
    const left = [1, 2, 3, 4, 5].map(x).reduce((total, one) => sum(total, one));
    const right = [1, 2, 3, 4, 5].map(x).reduceRight((total, one) => sum(one, total));
    expect(heldAtOnce([left], 'used')).toBe(2);
    // In whatever order it is written.
    expect(heldAtOnce([right], 'used')).toBe(2);
  });
  test('a tree is as many as its height, and one more', () => {
    const pairs = [0, 2, 4, 6].map((i) => sum(x(i), x(i + 1)));
    const [a, c, d, e] = pairs as [Value, Value, Value, Value];
    expect(heldAtOnce([sum(sum(a, c), sum(d, e))], 'used')).toBe(4);
  });
  test('what is used again waits', () => {
    const many = [1, 2, 3, 4, 5].map(x);
    const total = many.reduce((so, one) => sum(so, one));
    const again = many.map((one) => values.apply(mul, [one, total], 'f32'));
    expect(heldAtOnce([again.reduce((so, one) => sum(so, one))], 'used')).toBeGreaterThanOrEqual(6);
  });
  test('what is stored waits for the others, what is summed up does not', () => {
    const three = [1, 2, 3].map(x);
    expect(heldAtOnce(three, 'kept')).toBe(3);
    expect(heldAtOnce(three, 'used')).toBe(1);
  });
  test('literals and indices are no burden', () => {
    const index = values.cast(values.index(variable('i0', 8)), 'f32');
    expect(heldAtOnce([sum(index, values.literal(1, 'f32'))], 'used')).toBe(1);
  });
});

describe('a kernel', () => {
  const registers = (build: (g: Graph, x: Node) => readonly Node[]): number[] => {
    const g = new Graph();
    const results = build(g, b.input(g, 'x', 'data', 'f32', [128, 10]));
    const specs = compileGraph(g, results).kernels.flatMap(({ spec }) => partsOfSpec(spec));
    return specs.map(registersOf);
  };
  test('a row: its running sums, one value of each in turn, and the results in the end', () => {
    const sums = (g: Graph, x: Node): readonly Node[] => [
      b.sum(g, x, 1),
      b.sum(g, b.mul(g, x, x), 1),
      b.reduce(g, 'max', x, 1),
    ];
    // Three sums, and an element, whose place its square takes when the others have it.
    expect(registers(sums)).toEqual([4]);
  });
  test('the place of the best value is a number more', () => {
    expect(registers((g, x) => [b.reduce(g, 'max', x, 1)])).toEqual([2]);
    expect(registers((g, x) => [b.reduce(g, 'argmax', x, 1)])).toEqual([3]);
  });
  test('a result of one stage waits for the next', () => {
    const softmax = (g: Graph, x: Node): readonly Node[] => {
      const e = b.exp(g, b.sub(g, x, b.reduce(g, 'max', x, 1, true)));
      return [b.div(g, e, b.sum(g, e, 1, true))];
    };
    // In the second stage the greatest value, the sum, and an element.
    expect(registers(softmax)).toEqual([3]);
  });
  test('a product: its tile, and what ends four elements of it', () => {
    const product = (g: Graph, x: Node): readonly Node[] => {
      const y = b.matmul(g, x, b.input(g, 'w', 'param', 'f32', [10, 16]));
      return [b.add(g, y, b.input(g, 'b', 'param', 'f32', [16]))];
    };
    expect(registers(product)).toEqual([64 + 4 * 1]);
  });
});
