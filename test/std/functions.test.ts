/** Activations, losses and metrics of the prelude against plain formulas in f64, and at the edges. */
import { describe, expect, test } from 'vitest';
import { ndArray } from '../../compiler/graph/nd-array.ts';
import { outputsOf } from '../elaborate/evaluate.ts';

const xs = [-100, -3, -1, -0.25, 0, 0.25, 1, 3, 100];
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const erf = (x: number): number => {
  // Simpson's rule on the defining integral.
  const n = 2000;
  const h = x / n;
  const f = (t: number): number => Math.exp(-t * t);
  let sum = f(0) + f(x);
  for (let i = 1; i < n; i++) sum += (i % 2 === 0 ? 2 : 4) * f(i * h);
  return ((2 / Math.sqrt(Math.PI)) * sum * h) / 3;
};

describe('activations', () => {
  test.each<readonly [string, (x: number) => number]>([
    ['relu', (x) => Math.max(x, 0)],

    ['leaky_relu(0.2)', (x) => (x > 0 ? x : 0.2 * x)],
    ['relu6', (x) => Math.min(Math.max(x, 0), 6)],
    ['sigmoid', sigmoid],
    ['silu', (x) => x * sigmoid(x)],
    ['gelu', (x) => (x * (1 + (Math.abs(x) > 10 ? Math.sign(x) : erf(x / Math.SQRT2)))) / 2],
    ['tanh', Math.tanh],
    ['softplus', (x) => (x > 50 ? x : Math.log1p(Math.exp(x)))],
    ['elu', (x) => (x > 0 ? x : Math.expm1(x))],
    ['selu', (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x))],
    ['softsign', (x) => x / (1 + Math.abs(x))],
    ['log_sigmoid', (x) => (x < -50 ? x : -Math.log1p(Math.exp(-x)))],
    ['identity', (x) => x],
    ['clip(-1, 2)', (x) => Math.min(Math.max(x, -1), 2)],
  ])('%s, with a finite derivative everywhere', (name, reference) => {
    const text = `input x: f32[9]\nlet y = x |> ${name}\noutput y\noutput d = grad(y, x)\n`;
    const { y = [], d = [] } = outputsOf(text, { values: { x: ndArray('f32', [9], xs) } });
    for (const [i, x] of xs.entries()) expect(y[i]).toBeCloseTo(reference(x), 9);
    expect(d.every(Number.isFinite)).toBe(true);
  });

  test('relu has derivative 0 at 0; clip passes it at its bounds', () => {
    const text =
      'input x: f32[3]\noutput a = grad(relu(x), x)\noutput b = grad(clip(x, -1, 1), x)\n';
    const { a, b } = outputsOf(text, { values: { x: ndArray('f32', [3], [0, 1, -1]) } });
    expect(a).toEqual([0, 1, 0]);
    expect(b).toEqual([1, 1, 1]);
  });

  test('the softmax family does not overflow', () => {
    const text =
      'input x: f32[1, 3]\noutput s = softmax(x)\noutput l = log_softmax(x)\noutput m = logsumexp(x)\n';
    const {
      s = [],
      l = [],
      m = [],
    } = outputsOf(text, { values: { x: ndArray('f32', [1, 3], [1000, 999, -1000]) } });
    const z = 1 + Math.exp(-1);
    [1 / z, Math.exp(-1) / z, 0].forEach((v, i) => {
      expect(s[i]).toBeCloseTo(v, 12);
    });
    [-Math.log(z), -1 - Math.log(z), -2000 - Math.log(z)].forEach((v, i) => {
      expect(l[i]).toBeCloseTo(v, 9);
    });
    expect(m[0]).toBeCloseTo(1000 + Math.log(z), 9);
  });
});

describe('losses and metrics', () => {
  const a = [0.2, 0.5, 0.3, 0.1, 0.8, 0.1];
  const b = [0, 1, 0, 0, 0, 1];
  const values = {
    a: ndArray('f32', [2, 3], a),
    b: ndArray('f32', [2, 3], b),
    label: ndArray('i32', [2], [1, 2]),
  };
  const inputs = 'input a: f32[2, 3]\ninput b: f32[2, 3]\ninput label: i32[2]\n';
  const mean = (f: (p: number, t: number) => number): number =>
    a.reduce((s, p, i) => s + f(p, b[i] ?? 0), 0) / a.length;
  const rows = [a.slice(0, 3), a.slice(3)];
  const crossEntropy =
    rows.reduce(
      (s, r, i) => s + Math.log(r.reduce((t, v) => t + Math.exp(v), 0)) - (r[i + 1] ?? 0),
      0,
    ) / 2;
  test.each<readonly [string, number]>([
    ['mse(a, b)', mean((p, t) => (p - t) ** 2)],
    ['rmse(a, b)', Math.sqrt(mean((p, t) => (p - t) ** 2))],
    ['mae(a, b)', mean((p, t) => Math.abs(p - t))],
    [
      'huber(a, b, delta=0.6)',
      mean((p, t) => (Math.abs(p - t) < 0.6 ? 0.5 * (p - t) ** 2 : 0.6 * (Math.abs(p - t) - 0.3))),
    ],
    ['bce(a, b)', -mean((p, t) => t * Math.log(p + 1e-7) + (1 - t) * Math.log(1 - p + 1e-7))],
    ['sigmoid_crossentropy(a, b)', mean((z, t) => Math.log1p(Math.exp(z)) - z * t)],
    ['hinge(a, 2 * b - 1)', mean((p, t) => Math.max(0, 1 - p * (2 * t - 1)))],
    ['softmax_crossentropy(a, label)', crossEntropy],
    ['nll(log_softmax(a), label)', crossEntropy],
    ['categorical_crossentropy(softmax(a), one_hot(label, 3))', crossEntropy],
    ['accuracy(a, label)', 0.5],
    ['binary_accuracy(a, b)', 0.5],
    ['sum(one_hot(label, 3) * b)', 2],
  ])('%s', (expression, expected) => {
    const { y } = outputsOf(`${inputs}output y = ${expression}\n`, { values });
    expect(y?.[0]).toBeCloseTo(expected, 6);
  });
});

describe('layers', () => {
  const x = ndArray('f32', [2, 3], [1, 2, 6, -1, 0, 4]);
  test('layer_norm and rms_norm', () => {
    const text =
      'input x: f32[2, 3]\noutput y = x |> layer_norm(eps=0.0)\noutput z = x |> rms_norm(eps=0.0)\n';
    const { y = [], z = [] } = outputsOf(text, { values: { x } });
    const deviation = Math.sqrt((4 + 1 + 9) / 3);
    [-2, -1, 3].forEach((v, i) => {
      expect(y[i]).toBeCloseTo(v / deviation, 9);
    });
    expect(z[2]).toBeCloseTo(6 / Math.sqrt(41 / 3), 9);
  });
  test('skip concatenates, sequential applies in turn', () => {
    const text =
      'input x: f32[2, 3]\noutput y = x |> skip { { _ * 2 } |> { _ + 1 } }\noutput z = x |> sequential([relu, { _ - 1 }])\n';
    const { y, z } = outputsOf(text, { values: { x } });
    expect(y?.slice(0, 6)).toEqual([1, 2, 6, 3, 5, 13]);
    expect(z).toEqual([0, 1, 5, -1, -1, 3]);
  });
  test('dense is x @ W + b', () => {
    const values = {
      x,
      'd.W': ndArray('f32', [3, 2], [1, 0, 0, 1, 1, 1]),
      'd.b': ndArray('f32', [2], [10, 20]),
    };
    const text = 'input x: f32[2, 3]\nlet d = dense(2)\noutput y = d(x)\n';
    expect(outputsOf(text, { values })['y']).toEqual([17, 28, 13, 24]);
  });
});
