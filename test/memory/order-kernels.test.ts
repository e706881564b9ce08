/** Another order where less is alive, never one in which a kernel finds something else. */
import { expect, test } from 'vitest';
import * as b from '../../compiler/builder.ts';
import { Graph } from '../../compiler/graph/graph.ts';
import type { Node } from '../../compiler/graph/node.ts';
import { compileGraph } from '../support/run-graph.ts';
import { replay } from './replay.ts';

test('of branches that end in little, one after another rather than all side by side', () => {
  const g = new Graph();
  const x = b.input(g, 'x', 'data', 'f32', [64, 64]);
  // Written in layers: all products first, then all sums of their squares.
  const products = [1, 2, 3, 4, 5, 6].map((k) => b.matmul(g, b.mul(g, x, k), x));
  const wide = products.map((p) => b.matmul(g, p, x));
  const total = wide.map((y) => b.sum(g, b.exp(g, y))).reduce((s, y): Node => b.add(g, s, y));
  const made = compileGraph(g, [...[total]], { fuse: false });
  replay(made, [made.kernelPlan]);
  const scratch = made.plan.buffers.filter((one) => one.class === 'scratch');
  const bytes = scratch.reduce((sum, one) => sum + one.bytes, 0);
  // Two matrices are enough: what a product reads and what it writes.
  expect(bytes).toBeLessThan(3 * 64 * 64 * 4);
});

test('the next value of a state is written after all have read the present one, and before those that read the next', () => {
  const g = new Graph();
  const w = b.input(g, 'w', 'param', 'f32', [32, 32]);
  const x = b.input(g, 'x', 'data', 'f32', [32, 32]);
  const next = b.sub(g, w, 1);
  const results = [next, b.matmul(g, x, w), b.sum(g, b.matmul(g, next, x))];
  const made = compileGraph(g, results, { fuse: false, replaces: new Map([[0, w]]) });
  replay(made, [made.kernelPlan]);
});
