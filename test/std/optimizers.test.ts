/** The optimizers of the prelude against PyTorch, 20 steps each, through the interpreter. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type NdArray, ndArray } from '../../compiler/graph/nd-array.ts';
import type { Model } from '../../compiler/model.ts';
import { modelOf } from '../elaborate/elaborate-text.ts';
import { valuesOf } from '../elaborate/evaluate.ts';
import { goldenFolder, readTensors } from '../golden/load.ts';

interface Case {
  readonly id: string;
  readonly losses: readonly number[];
  readonly rtol: number;
  readonly atol: number;
}
const { optim, schedules } = JSON.parse(readFileSync(join(goldenFolder, 'optim.json'), 'utf8')) as {
  optim: { cases: Case[] };
  schedules: { cases: { id: string; lr: number[] }[] };
};
const stored = readTensors(join(goldenFolder, 'optim.safetensors'));
const tensorOf = (name: string): NdArray => {
  const found = stored.get(name);
  if (found === undefined) throw new Error(`no golden tensor ${name}`);
  return found;
};

const modelWith = (optimizer: string): Model =>
  modelOf(`
input x: f32[n, 8]
input y: i32[n]
let logits = x |> dense(16) |> tanh |> dense(4)
loss = softmax_crossentropy(logits, y)
train { optimizer: ${optimizer} }
`);
const weights: Readonly<Record<string, string>> = {
  'dense.W': 'w0',
  'dense.b': 'b0',
  'dense_1.W': 'w1',
  'dense_1.b': 'b1',
};

/** Losses before each update, and the weights after the last one. */
function train(model: Model, steps: number): { losses: number[]; state: Record<string, NdArray> } {
  const { optimization } = model;
  if (optimization === undefined) throw new Error('no optimizer');
  const state: Record<string, NdArray> = { x: tensorOf('x'), y: tensorOf('y') };
  for (const [path, name] of Object.entries(weights)) state[path] = tensorOf(`init/${name}`);
  const updates = [...optimization.updates, ...optimization.slotUpdates];
  const nodes = [...model.training.losses, ...updates].map((r) => r.node);
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const [loss, ...next] = valuesOf(model, nodes, {
      sizes: { n: 32 },
      values: { ...state, step: ndArray('f32', [], [step]) },
    });
    losses.push(loss?.data[0] ?? Number.NaN);
    for (const [i, update] of updates.entries()) {
      const value = next[i];
      if (value !== undefined) state[update.path] = value;
    }
  }
  return { losses, state };
}

describe.each([
  ['optim.sgd', 'sgd(lr=0.1)'],
  ['optim.momentum', 'heavy_ball(lr=0.05, mu=0.9)'],
  ['optim.nesterov', 'momentum(lr=0.05, mu=0.9)'],
  ['optim.nesterov', 'nesterov(lr=0.05, mu=0.9)'],
  ['optim.adagrad', 'adagrad(lr=0.05, eps=1e-10)'],
  ['optim.rmsprop', 'rmsprop(lr=0.01, rho=0.9, eps=1e-7)'],
  ['optim.adam', 'adam(lr=0.01)'],
  ['optim.adamw_wd', 'adamw(lr=0.01, decay=0.05)'],
])('%s is %s', (id, optimizer) => {
  const golden = optim.cases.find((c) => c.id === id);
  test('loss by loss and weight by weight', () => {
    if (golden === undefined) throw new Error(`no golden case ${id}`);
    const { losses, state } = train(modelWith(optimizer), 20);
    const close = (got: number, want: number): boolean =>
      Math.abs(got - want) <= golden.atol + golden.rtol * Math.abs(want);
    expect(
      losses
        .map((l, i) => [l, golden.losses[i] ?? Number.NaN])
        .filter(([a = 0, b = 0]) => !close(a, b)),
    ).toEqual([]);
    for (const [path, name] of Object.entries(weights)) {
      const want = tensorOf(`${id.replace('optim.', '')}/step20/${name}`);
      const wrong = [...(state[path]?.data ?? [])].filter(
        (v, i) => !close(v, want.data[i] ?? Number.NaN),
      );
      expect(state[path]?.data.length).toBe(want.data.length);
      expect(wrong).toEqual([]);
    }
  });
});

describe('schedules', () => {
  test.each([
    ['schedule.step', 'step_decay(0.1, 0.5, 7)', 40],
    ['schedule.exponential', 'exponential_decay(0.1, 0.93, 1)', 40],
    ['schedule.cosine', 'cosine_decay(0.1, 30, final=0.001)', 31],
    ['schedule.polynomial', 'polynomial_decay(0.1, 30, 2)', 40],
    ['schedule.inverse_sqrt_warmup', 'inverse_sqrt(0.1, 8)', 40],
    ['schedule.warmup_cosine', 'warmup_cosine(0.1, 8, 40, final_ratio=0.1)', 40],
  ])('%s is %s', (id, expression, count) => {
    const want = schedules.cases.find((c) => c.id === id)?.lr ?? [];
    const model = modelOf(`output lr = ${expression}\n`);
    const node = model.evaluation.outputs[0]?.node;
    if (node === undefined) throw new Error('no output');
    for (let t = 0; t < count; t++) {
      const [lr] = valuesOf(model, [node], { values: { step: ndArray('f32', [], [t]) } });
      expect(lr?.data[0]).toBeCloseTo(want[t] ?? Number.NaN, 12);
    }
  });

  test('a schedule may be a learning rate', () => {
    const { losses } = train(modelWith('sgd(lr=warmup(0.1, 1))'), 3);
    const plain = train(modelWith('sgd(lr=0.1)'), 3).losses;
    expect(losses).toEqual(plain);
  });
});

test('--lr replaces the learning rate of the file', () => {
  const text = 'param w: f32 = 1\nloss = w ** 2\ntrain { optimizer: sgd(lr=0.1) }\n';
  const next = (model: Model): number | undefined => {
    const node = model.optimization?.updates[0]?.node;
    return node && valuesOf(model, [node])[0]?.data[0];
  };
  expect(next(modelOf(text))).toBeCloseTo(0.8, 12);
  expect(next(modelOf(text, { learningRate: 0.25 }))).toBeCloseTo(0.5, 12);
  expect(next(modelOf(text, { optimizer: 'sgd(lr=0.05)' }))).toBeCloseTo(0.9, 12);
});

test('`clip` limits the norm of all gradients together', () => {
  const text =
    'param a: f32 = 3\nparam b: f32 = 4\nloss = 0.5 * (a ** 2 + b ** 2)\ntrain { optimizer: sgd(lr=1.0) clip: 1.0 }\n';
  const model = modelOf(text);
  const next = valuesOf(
    model,
    (model.optimization?.updates ?? []).map((u) => u.node),
  );
  expect(next.map((v) => v.data[0] ?? 0)).toEqual([3 - 0.6, 4 - 0.8]);
});
