/** Orthonormal bases on the device, where they are products and sums, against the reference. */
import { afterAll, expect, test } from 'vitest';
import * as b from '../../compiler/builder.ts';
import { Graph } from '../../compiler/graph/graph.ts';
import { ndArray } from '../../compiler/graph/nd-array.ts';
import { interpret } from '../../compiler/interpret/interpret.ts';
import { orthonormal } from '../../compiler/ops/orthonormal.ts';
import { runPasses } from '../../compiler/rewrite/passes.ts';
import { random, randomArray } from '../autodiff/evaluate-at.ts';
import { closeTestDevice, profileOf, runGraph, testDevice } from '../support/run-graph.ts';

afterAll(closeTestDevice);

test.each([
  [7, 4],
  [5, 5],
])('[%d, %d] on the device', async (m, n) => {
  const g = new Graph();
  const x = b.input(g, 'x', 'data', 'f32', [m, n]);
  const q = g.make(orthonormal, [x]);
  const value = randomArray(random(5), 'f32', [m, n]);
  const [want] = interpret([q], (node) => (node === x ? value : undefined));
  const results = runPasses(g, [q]);
  const given = new Map([['x', value]]);
  const run = await runGraph(g, results, given, { device: profileOf(await testDevice()) });
  expect(run.values[0]?.data.length).toBe(m * n);
  for (const [i, v] of (want?.data ?? []).entries())
    expect(run.values[0]?.data[i]).toBeCloseTo(v, 5);
});

test('a column that depends on those before it becomes 0, not NaN', () => {
  const g = new Graph();
  const x = b.input(g, 'x', 'data', 'f32', [2, 2]);
  const value = ndArray('f32', [2, 2], [1, 2, 0, 0]);
  const q = g.make(orthonormal, [x]);
  const [got] = interpret([q], (node) => (node === x ? value : undefined));
  expect([...(got?.data ?? [])]).toEqual([1, 0, 0, 0]);
});
