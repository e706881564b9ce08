/** The verifier finds what a broken pass would leave behind: each error is planted here. */
import { expect, test } from 'vitest';
import * as b from '../../compiler/builder.ts';
import { Graph } from '../../compiler/graph/graph.ts';
import type { Node } from '../../compiler/graph/node.ts';
import { verifyGraph } from '../../compiler/graph/verify.ts';
import { dataInput } from '../autodiff/evaluate-at.ts';

function sound(): { g: Graph; x: Node; y: Node } {
  const g = new Graph();
  const x = dataInput(g, 'x', 'f32', [2, 3]);
  return { g, x, y: b.sum(g, b.exp(g, x), 1) };
}

test('a sound graph passes', () => {
  const { g, y } = sound();
  expect(() => verifyGraph(g, [y])).not.toThrow();
});

test('a wrong type', () => {
  const { g, y } = sound();
  const wrong: Node = { ...y, type: { dtype: 'f32', shape: [3] } };
  expect(() => verifyGraph(g, [wrong], 'simplify')).toThrow(/simplify.*not a node of this graph/);
  (y as { type: Node['type'] }).type = { dtype: 'f32', shape: [3] };
  expect(() => verifyGraph(g, [y], 'simplify')).toThrow(
    /simplify: %2 sum says f32\[3\] where its rule gives f32\[2\]/,
  );
});

test('a cycle', () => {
  const { g, x, y } = sound();
  (x as { inputs: readonly Node[] }).inputs = [y];
  expect(() => verifyGraph(g, [y])).toThrow(/cycle/);
});

test('a node of another graph', () => {
  const { g, y } = sound();
  const other = sound();
  const mixed = g.make(y.op, [other.y], { axes: [0] });
  expect(() => verifyGraph(g, [mixed])).toThrow(/%\d input is not a node of this graph/);
});

test('a node made behind the graph’s back', () => {
  const { g, x, y } = sound();
  const twin: Node = { ...y, id: 99 };
  expect(() => verifyGraph(g, [x, twin])).toThrow(/%99 sum is not a node of this graph/);
});
