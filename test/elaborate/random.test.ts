/** Random calls: reproducible, independent of each other, and with the distributions they promise. */
import { describe, expect, test } from 'vitest';
import { ndArray } from '../../compiler/graph/nd-array.ts';
import type { Model } from '../../compiler/model.ts';
import { modelOf } from './elaborate-text.ts';
import { valuesOf } from './evaluate.ts';

const initial = (model: Model, path: string): number[] => {
  const tensor = model.params.find((p) => p.path === path);
  if (tensor === undefined) throw new Error(path);
  return [...(valuesOf(model, [tensor.init])[0]?.data ?? [])];
};
const moments = (
  v: readonly number[],
): { mean: number; deviation: number; skew: number; kurtosis: number } => {
  const mean = v.reduce((s, x) => s + x, 0) / v.length;
  const m = (k: number): number => v.reduce((s, x) => s + (x - mean) ** k, 0) / v.length;
  const deviation = Math.sqrt(m(2));
  return { mean, deviation, skew: m(3) / deviation ** 3, kurtosis: m(4) / deviation ** 4 };
};

describe('initial values', () => {
  const text =
    'param a: f32[200, 100] = normal(1, 2)\nparam b: f32[200, 100] = normal(1, 2)\nparam u: f32[20000] = uniform(-3, 5)\noutput y = sum(a * b) + sum(u)\n';
  const model = modelOf(text);
  test('normal', () => {
    const m = moments(initial(model, 'a'));
    expect(Math.abs(m.mean - 1)).toBeLessThan(0.05);
    expect(Math.abs(m.deviation - 2)).toBeLessThan(0.04);
    expect(Math.abs(m.skew)).toBeLessThan(0.07);
    expect(Math.abs(m.kurtosis - 3)).toBeLessThan(0.15);
  });
  test('uniform', () => {
    const u = initial(model, 'u');
    const m = moments(u);
    expect(Math.abs(m.mean - 1)).toBeLessThan(0.06);
    expect(Math.abs(m.deviation - 8 / Math.sqrt(12))).toBeLessThan(0.04);
    expect(Math.min(...u)).toBeGreaterThan(-3);
    expect(Math.max(...u)).toBeLessThan(5);
  });
  test('differ between parameters and seeds, and not between runs', () => {
    expect(initial(model, 'a')).not.toEqual(initial(model, 'b'));
    expect(initial(modelOf(text), 'a')).toEqual(initial(model, 'a'));
    expect(initial(modelOf(text, { seed: 1 }), 'a')).not.toEqual(initial(model, 'a'));
    expect(initial(modelOf(`${text}train { seed: 1 }\n`), 'a')).toEqual(
      initial(modelOf(text, { seed: 1 }), 'a'),
    );
  });
  test('do not depend on other parameters', () => {
    const shorter = modelOf('param a: f32[200, 100] = normal(1, 2)\noutput y = sum(a)\n');
    expect(initial(shorter, 'a')).toEqual(initial(model, 'a'));
  });
  test('glorot has the limits that it promises', () => {
    const w = initial(modelOf('input x: f32[n, 50]\noutput y = x |> dense(70)\n'), 'dense.W');
    const limit = Math.sqrt(6 / 120);
    expect(Math.max(...w.map(Math.abs))).toBeLessThan(limit);
    expect(Math.max(...w.map(Math.abs))).toBeGreaterThan(0.99 * limit);
  });
  test('may be scaled and shifted', () => {
    const w = initial(
      modelOf('param w: f32[1000] = normal(0, 1) * 0.001 + 5\noutput y = sum(w)\n'),
      'w',
    );
    expect(moments(w).mean).toBeCloseTo(5, 3);
  });
});

describe('the normal distribution', () => {
  test('is the inverse of the distribution function, to 1e-6', () => {
    // The uniform draw with the same key gives u; Phi(normal) must be u.
    const model = modelOf('param w: f32[4000] = normal(0, 1)\noutput y = sum(w)\n');
    const other = modelOf('param w: f32[4000] = uniform(0, 1)\noutput y = sum(w)\n');
    const [z, u] = [initial(model, 'w'), initial(other, 'w')];
    const erfc = (x: number): number => {
      // Continued fraction beyond 2, else Taylor (Abramowitz and Stegun 7.1.14, 7.1.6).
      if (x < 0) return 2 - erfc(-x);
      if (x > 2) {
        let f = x;
        for (let k = 120; k >= 1; k--) f = x + k / 2 / f;
        return Math.exp(-x * x) / (Math.sqrt(Math.PI) * f);
      }
      let term = x;
      let sum = x;
      for (let n = 1; n < 80; n++) {
        term *= (2 * x * x) / (2 * n + 1);
        sum += term;
      }
      return 1 - (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
    };
    const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
    const errors = z.map((x, i) => {
      const difference = erfc(-x / Math.SQRT2) / 2 - (u[i] ?? 0);
      return Math.abs(difference / density(x)) / Math.max(1, Math.abs(x));
    });
    expect(Math.max(...errors)).toBeLessThan(1e-6);
  });
});

describe('calls in the graph', () => {
  const dropped = (text: string, step: number): number[][] => {
    const model = modelOf(text);
    const nodes = model.training.outputs.map((o) => o.node);
    const values = {
      x: ndArray(
        'f32',
        [1000],
        Array.from({ length: 1000 }, () => 1),
      ),
      step: ndArray('f32', [], [step]),
    };
    return valuesOf(model, nodes, { values }).map((v) => [...v.data]);
  };
  const text = 'input x: f32[1000]\noutput a = x |> dropout(0.25)\noutput b = x |> dropout(0.25)\n';
  test('dropout keeps three quarters and scales them up', () => {
    const [a = []] = dropped(text, 0);
    const kept = a.filter((v) => v !== 0);
    expect(new Set(kept)).toEqual(new Set([1 / 0.75]));
    expect(Math.abs(kept.length - 750)).toBeLessThan(60);
  });
  test('two calls and two steps differ; the same step is the same', () => {
    const [a, b] = dropped(text, 0);
    expect(a).not.toEqual(b);
    expect(dropped(text, 1)[0]).not.toEqual(a);
    expect(dropped(text, 0)[0]).toEqual(a);
  });
  test('dropout is the identity in evaluation', () => {
    const model = modelOf(text);
    expect(model.evaluation.outputs[0]?.node).toBe(model.inputs[0]?.node);
  });
  test('randint and bernoulli', () => {
    const model = modelOf(
      'output i = randint(3, 6, shape=[3000])\noutput b = bernoulli(0.1, shape=[3000])\n',
    );
    const [i, b] = valuesOf(
      model,
      model.evaluation.outputs.map((o) => o.node),
    ).map((v) => [...v.data]);
    expect(new Set(i)).toEqual(new Set([3, 4, 5]));
    expect(Math.abs((b ?? []).reduce((s, v) => s + v, 0) - 300)).toBeLessThan(60);
  });
});
