/** The example models: no diagnostics, parameters and summaries as the reference states, values. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { elaborate } from '../../compiler/elaborate/elaborate.ts';
import { checkExpectations, evaluateOnTestData } from '../../compiler/elaborate/expectations.ts';
import { batchSymbol } from '../../compiler/elaborate/model-questions.ts';
import { printSummary } from '../../compiler/elaborate/summary.ts';
import { dimText } from '../../compiler/graph/dim.ts';
import type { Model } from '../../compiler/model.ts';
import { parse } from '../../grammar/parse.ts';
import { paths } from './elaborate-text.ts';

const folder = fileURLToPath(new URL('../../models/', import.meta.url));

function load(file: string): Model {
  const source = { name: `models/${file}`, text: readFileSync(folder + file, 'utf8') };
  const parsed = parse(source);
  const { model, diagnostics } = elaborate(parsed.file, { source });
  expect([...parsed.diagnostics, ...diagnostics]).toEqual([]);
  if (model === undefined) throw new Error('no model');
  return model;
}

const parameters: Readonly<Record<string, readonly string[]>> = {
  'mlp.nn': ['dense.W [784, 100]', 'dense.b [100]', 'dense_1.W [100, 10]', 'dense_1.b [10]'],
  'linreg.nn': ['m []', 'b []'],
  'scalar.nn': ['w []', 'b []'],
  'logreg.nn': ['W [784, 10]', 'b [10]'],
  'naive.nn': [
    'naive_dense.W [784, 512]',
    'naive_dense.b [512]',
    'naive_dense_1.W [512, 10]',
    'naive_dense_1.b [10]',
  ],
  'by_hand.nn': ['net.linear.w [784, 100]', 'net.linear_1.w [100, 50]'],
  'digits.nn': [
    'dense.W [64, 100]',
    'dense.b [100]',
    'dense_1.W [100, 50]',
    'dense_1.b [50]',
    'dense_2.W [50, 10]',
    'dense_2.b [10]',
  ],
  'mnist.nn': ['dense.W [784, 512]', 'dense.b [512]', 'scores.W [512, 10]', 'scores.b [10]'],
};

describe('the example models', () => {
  test.each(readdirSync(folder).filter((f) => f.endsWith('.nn')))(
    '%s elaborates without a word',
    (file) => {
      const model = load(file);
      const expected = parameters[file];
      if (expected !== undefined) expect(paths(model)).toEqual(expected);
      expect(checkExpectations(model).filter((r) => !r.holds)).toEqual([]);
    },
  );

  test('there is a file for every model that the issue names', () => {
    const files = readdirSync(folder);
    for (const file of Object.keys(parameters)) expect(files).toContain(file);
    expect(files).toContain('glyphs.nn');
  });

  test('training and evaluation share inputs and parameters', () => {
    const model = load('mnist.nn');
    expect(model.inputs.map((i) => `${i.name} ${i.storage} ${i.shape.map(dimText)}`)).toEqual([
      'image u8 batch,28,28',
      'label u8 batch',
    ]);
    expect(model.inputs[1]?.below).toBe(10);
    expect(model.training.losses.map((l) => l.name)).toEqual(['loss']);
    expect(model.optimization?.slots.map((s) => s.path)).toEqual([
      'dense.W/v',
      'dense.b/v',
      'scores.W/v',
      'scores.b/v',
    ]);
    expect(model.train).toEqual({
      data: 'mnist',
      batch: 128,
      epochs: 5,
      shuffle: true,
      validation: 'test',
    });
    expect(batchSymbol(model)).toBe('batch');
  });

  test('logistic regression updates its parameters by hand', () => {
    const model = load('logreg.nn');
    expect(model.training.updates.map((u) => u.path)).toEqual(['W', 'b']);
    expect(model.evaluation.updates).toEqual([]);
    expect(model.optimization).toBeUndefined();
    expect(model.training.metrics.map((m) => m.name)).toEqual(['loss_now', 'accuracy', 'threes']);
  });
});

test('the summary of by_hand is the one of the reference', () => {
  expect(printSummary(load('by_hand.nn'))).toBe(
    [
      'site            operation            output         parameters',
      'net.linear      @                    f32[n, 100]        78,400',
      'net.linear_1    @                    f32[n, 50]          5,000',
      '                                                total   83,400   (trainable 83,400, state 0, 333.6 kB)',
      'inputs  t f32[n, 784]     outputs  probs f32[n, 50]  logp f32[n, 50]  centre_mean f32[n]  gram f32[n, n]     guards  none',
      '',
    ].join('\n'),
  );
});

test('the one-liner has 79,510 parameters', () => {
  expect(printSummary(load('mlp.nn'))).toContain('total   79,510 ');
});

describe('forward values', () => {
  const number = (model: Model, name: string): number => {
    const nodes = [...model.evaluation.outputs, ...model.evaluation.losses];
    const found = nodes.find((n) => n.name === name);
    if (found === undefined) throw new Error(name);
    return evaluateOnTestData(model, [found.node], 0)[0]?.data[0] ?? Number.NaN;
  };

  test('scalar: dw = 2, db = 1, loss = 3', () => {
    const model = load('scalar.nn');
    expect(['dw', 'db', 'loss'].map((n) => number(model, n))).toEqual([2, 1, 3]);
  });

  test('linear regression in closed form', () => {
    const model = load('linreg.nn');
    const [x, y, m, b] = evaluateOnTestData(
      model,
      [...model.inputs.map((i) => i.node), ...model.evaluation.outputs.slice(1).map((o) => o.node)],
      0,
    ).map((a) => [...a.data]);
    if (x === undefined || y === undefined) throw new Error('no data');
    const mean = (v: readonly number[]): number => v.reduce((s, t) => s + t, 0) / v.length;
    const slope =
      mean(x.map((t, i) => (t - mean(x)) * ((y[i] ?? 0) - mean(y)))) /
      mean(x.map((t) => (t - mean(x)) ** 2));
    expect(m?.[0]).toBeCloseTo(slope, 12);
    expect(b?.[0]).toBeCloseTo(mean(y) - slope * mean(x), 12);
  });

  test('by_hand: the softmax of both heads agree, and gram is t times its transpose', () => {
    const model = load('by_hand.nn');
    const outputs = model.evaluation.outputs.map((o) => o.node);
    const [t, probs, logp, , gram] = evaluateOnTestData(
      model,
      [...model.inputs.map((i) => i.node), ...outputs],
      0,
    ).map((a) => a.data);
    if (!t || !probs || !logp || !gram) throw new Error('missing');
    for (const [i, v] of logp.entries()) expect(Math.exp(v)).toBeCloseTo(probs[i] ?? -1, 12);
    let product = 0;
    for (let k = 0; k < 784; k++) product += (t[k] ?? 0) * (t[784 + k] ?? 0);
    expect(gram[1]).toBeCloseTo(product, 9);
  });
});
