/** States: updates, threading through several applications, evaluation without them. */
import { expect, test } from 'vitest';
import { ndArray } from '../../compiler/graph/nd-array.ts';
import { modelOf } from './elaborate-text.ts';
import { valuesOf } from './evaluate.ts';

const counter = 'layer count()(x) {\n  state n: f32 = 0\n  update n = n + 1\n  return x + n\n}\n';

test('reads see the old value, and several applications are threaded in order', () => {
  const model = modelOf(
    `${counter}input x: f32\nlet c = count()\noutput a = c(x)\noutput b = c(x)\n`,
  );
  const { outputs, updates } = model.training;
  expect(updates.map((u) => u.path)).toEqual(['c.n']);
  const values = { x: ndArray('f32', [], [10]) };
  const nodes = [...outputs, ...updates].map((r) => r.node);
  expect(valuesOf(model, nodes, { values }).map((v) => v.data[0])).toEqual([10, 11, 2]);
});

test('evaluation has no updates', () => {
  const model = modelOf(
    `${counter}input x: f32\nlet c = count()\noutput a = c(x)\noutput b = c(x)\n`,
  );
  expect(model.evaluation.updates).toEqual([]);
  const values = { x: ndArray('f32', [], [10]) };
  const nodes = model.evaluation.outputs.map((o) => o.node);
  expect(valuesOf(model, nodes, { values }).map((v) => v.data[0])).toEqual([10, 10]);
});

test('batch_norm normalises by the batch while training, by its states afterwards', () => {
  const model = modelOf('input x: f32[4, 1]\noutput y = x |> batch_norm(eps=0.0)\n');
  const values = { x: ndArray('f32', [4, 1], [1, 2, 3, 6]) };
  const [mu, variance] = valuesOf(
    model,
    model.training.updates.map((u) => u.node),
    { values },
  );
  expect(model.training.updates.map((u) => u.path)).toEqual(['batch_norm.mu', 'batch_norm.var']);
  expect(mu?.data[0]).toBeCloseTo(0.1 * 3, 12);
  expect(variance?.data[0]).toBeCloseTo(0.9 + 0.1 * 3.5, 12);
  const y = (mode: 'training' | 'evaluation'): number[] => {
    const node = model[mode].outputs[0]?.node;
    return node === undefined ? [] : [...(valuesOf(model, [node], { values })[0]?.data ?? [])];
  };
  expect(y('evaluation')).toEqual([1, 2, 3, 6]);
  expect(y('training')[3]).toBeCloseTo(3 / Math.sqrt(3.5), 12);
});
