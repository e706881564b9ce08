/** What the optimizers of the prelude promise beside their formulas, which test/golden compares with PyTorch's. */
import { afterAll, describe, expect, test } from 'vitest';
import { ndArray } from '../../compiler/graph/nd-array.ts';
import type { Model } from '../../compiler/model.ts';
import { modelOf } from '../elaborate/elaborate-text.ts';
import { valuesOf } from '../elaborate/evaluate.ts';
import { trainOnDevice } from '../support/device-training.ts';
import { initialState } from '../support/model.ts';
import { closeTestDevice, profileOf, testDevice } from '../support/run-graph.ts';

afterAll(closeTestDevice);

const squareWith = (optimizer: string): string =>
  `param w: f32 = 1\nloss = w ** 2\ntrain { optimizer: ${optimizer} }\n`;
const next = (model: Model, step = 0): number => {
  const node = model.optimization?.sections[0]?.updates[0]?.node;
  const values = { step: ndArray('f32', [], [step]) };
  return (node && valuesOf(model, [node], { values })[0]?.data[0]) ?? Number.NaN;
};

test('--lr replaces the learning rate of the file', () => {
  const text = squareWith('sgd(lr=0.1)');
  expect(next(modelOf(text))).toBeCloseTo(0.8, 12);
  expect(next(modelOf(text, { learningRate: 0.25 }))).toBeCloseTo(0.5, 12);
  expect(next(modelOf(text, { optimizer: 'sgd(lr=0.05)' }))).toBeCloseTo(0.9, 12);
});

test('`clip` limits the norm of all gradients together', () => {
  const text =
    'param a: f32 = 3\nparam b: f32 = 4\nloss = 0.5 * (a ** 2 + b ** 2)\ntrain { optimizer: sgd(lr=1.0) clip: 1.0 }\n';
  const model = modelOf(text);
  const both = valuesOf(
    model,
    (model.optimization?.sections[0]?.updates ?? []).map((u) => u.node),
  );
  // The norm is 5, and the formula divides by a little more.
  expect(both.map((v) => v.data[0] ?? 0)).toEqual([3 - 3 / 5.000001, 4 - 4 / 5.000001]);
});

test.each([
  ['sgd(decay=0.1)', ''],
  ['heavy_ball()', 'v'],
  ['rmsprop()', 'v'],
  ['rmsprop(centered=true)', 'v average'],
  ['rmsprop(momentum=0.9)', 'v velocity'],
  ['rmsprop(momentum=0.9, centered=true)', 'v average velocity'],
  ['adam()', 'm v'],
  ['adam(amsgrad=true)', 'm v top'],
  ['adamw()', 'adam.m adam.v'],
  ['amsgrad()', 'adam.m adam.v adam.top'],
  ['adadelta()', 'v u'],
])('%s has the slots %s and no others', (optimizer, slots) => {
  const { optimization } = modelOf(squareWith(optimizer));
  const paths = optimization?.slots.map((s) => s.path.replace('w/', ''));
  expect(paths?.join(' ')).toBe(slots);
  expect(optimization?.sections[0]?.slotUpdates.map((s) => s.path.replace('w/', ''))).toEqual(
    paths,
  );
});

describe('schedules as settings', () => {
  test('a learning rate', () => {
    const model = modelOf(squareWith('sgd(lr=multistep(0.1, 0.5, [1, 2]))'));
    for (const [step, want] of [0.8, 0.9, 0.95].entries())
      expect(next(model, step)).toBeCloseTo(want, 12);
  });
  test('a momentum and the decay of adamw', () => {
    const model = modelOf(squareWith('heavy_ball(lr=0.1, mu=warmup(0.9, 10))'));
    expect(next(model)).toBeCloseTo(0.8, 12);
    const decayed = modelOf(squareWith('adamw(lr=0.1, decay=warmup(1, 4))'));
    expect(next(decayed)).toBeCloseTo(1 - 0.1 - 0.1 * 0.25, 7);
  });
});

describe('Adam at late steps, and with odd settings', () => {
  const betas = [0.9, 0.99, 0.999, 0.9999, 0.5, 0];
  const text = betas
    .map((beta, i) => `param b${i}: f32 = 0\nupdate b${i} = bias_correction(${beta})\n`)
    .join('');
  test.each([0, 1, 10, 1000, 100_000, 10_000_000])('after %d steps', async (step) => {
    const model = modelOf(text);
    const state = initialState(model);
    state.set('step', ndArray('f32', [], [step]));
    const profile = profileOf(await testDevice());
    const run = await trainOnDevice(model, {}, profile, state, 1, () => ({}), [1]);
    for (const [i, beta] of betas.entries()) {
      const got = run.snapshots.get(1)?.get(`b${i}`)?.data[0] ?? Number.NaN;
      const want = -Math.expm1((step + 1) * Math.log(beta));
      expect(Math.abs(got / want - 1)).toBeLessThan(1e-6);
    }
  });
});

test('a centred rmsprop stays finite where the gradient is constant', () => {
  const text = 'param w: f32 = 1\nloss = 3 * w\ntrain { optimizer: rmsprop(centered=true) }\n';
  expect(Number.isFinite(next(modelOf(text)))).toBe(true);
});
