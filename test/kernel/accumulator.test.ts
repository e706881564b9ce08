/**
 * Sums are kept in the dtype that their op asks for, and never in f16 by themselves. SwiftShader has
 * no f16, so the kernels are looked at rather than run.
 */
import { expect, test } from 'vitest';
import * as b from '../../compiler/builder.ts';
import { Graph } from '../../compiler/graph/graph.ts';
import { sum } from '../../compiler/ops/reduce.ts';
import { compileGraph } from '../support/run-graph.ts';

test('a sum of f16 is kept in f32 and stored as f16', () => {
  const g = new Graph();
  const x = b.input(g, 'x', 'data', 'f16', [8, 32]);
  const { kernels, plan } = compileGraph(g, [b.sum(g, x, 1)]);
  const [kernel] = kernels;
  expect(kernel?.spec.kind === 'row' && kernel.spec.reductions[0]?.dtype).toBe('f32');
  expect(kernel?.spec.stores[0]?.value.dtype).toBe('f16');
  expect(plan.kernels[0]?.wgsl).toMatch(/^enable f16;/);
  expect(plan.kernels[0]?.wgsl).toContain('var acc0 = vec4<f32>(0f);');
  expect(plan.requires.features).toEqual(['shader-f16']);
});

test('a product of f16 is multiplied and kept in f32', () => {
  const g = new Graph();
  const [x, y] = [b.input(g, 'x', 'data', 'f16', [8, 32]), b.input(g, 'y', 'data', 'f16', [32, 8])];
  const { kernels, plan } = compileGraph(g, [b.matmul(g, x, y)]);
  const [kernel] = kernels;
  expect(kernel?.spec.kind === 'contract' && kernel.spec.contraction.dtype).toBe('f32');
  expect(plan.kernels[0]?.wgsl).toContain('vec4<f16>(sum0)');
});

test('an `acc` attribute is honoured', () => {
  const g = new Graph();
  const x = b.input(g, 'x', 'data', 'f16', [8, 32]);
  const { kernels } = compileGraph(g, [g.make(sum, [x], { axes: [1], acc: 'f16' })]);
  const [kernel] = kernels;
  expect(kernel?.spec.kind === 'row' && kernel.spec.reductions[0]?.dtype).toBe('f16');
});

test('f32 programs ask for nothing', () => {
  const g = new Graph();
  const { plan } = compileGraph(g, [b.sum(g, b.input(g, 'x', 'data', 'f32', [8, 32]), 1)]);
  expect(plan.requires.features).toEqual([]);
  expect(plan.kernels[0]?.wgsl).not.toContain('enable');
});
