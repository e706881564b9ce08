/** Moments of the initial values on large samples, and orthonormal bases. */
import { describe, expect, test } from 'vitest';
import { interpret } from '../../compiler/interpret/interpret.ts';
import { modelOf } from '../elaborate/elaborate-text.ts';

/** The initial value of a parameter of the shape. */
function initial(shape: readonly number[], expression: string): readonly number[] {
  const model = modelOf(`param w: f32[${shape.join(', ')}] = ${expression}\noutput y = w\n`);
  const [value] = interpret(
    model.params.map((p) => p.init),
    () => undefined,
  );
  return [...(value?.data ?? [])];
}

const mean = (x: readonly number[]): number => x.reduce((s, v) => s + v, 0) / x.length;
const moment = (x: readonly number[], k: number): number => mean(x.map((v) => v ** k));

const [IN, OUT] = [300, 200];
/** Of the normal distribution cut off at two deviations: 1 - 4 φ(2) / (Φ(2) - Φ(-2)). */
const TRUNCATED = 1 - (4 * Math.exp(-2)) / Math.sqrt(2 * Math.PI) / 0.9544997361036416;

describe('moments of 60,000 values', () => {
  // The expected fourth moment over the squared second: 3 for a normal distribution, 9/5 for a uniform one.
  test.each<readonly [string, number, number, number]>([
    ['uniform(-0.5, 0.5)', 1 / 12, 1.8, 0.5],
    ['normal(0, 0.1)', 0.01, 3, Number.POSITIVE_INFINITY],
    ['truncated_normal(0, 0.5)', 0.25 * TRUNCATED, 2.37, 1],
    [`glorot(${IN}, ${OUT})`, 2 / (IN + OUT), 1.8, Math.sqrt(6 / (IN + OUT))],
    [`glorot_normal(${IN}, ${OUT})`, 2 / (IN + OUT), 3, Number.POSITIVE_INFINITY],
    [`he(${IN}, ${OUT})`, 2 / IN, 3, Number.POSITIVE_INFINITY],
    [`he_uniform(${IN}, ${OUT})`, 2 / IN, 1.8, Math.sqrt(6 / IN)],
    [`he_truncated(${IN}, ${OUT})`, 2 / IN, 2.37, (2 * Math.sqrt(2 / IN)) / Math.sqrt(TRUNCATED)],
    [`lecun(${IN}, ${OUT})`, 1 / IN, 3, Number.POSITIVE_INFINITY],
    [`lecun_uniform(${IN}, ${OUT})`, 1 / IN, 1.8, Math.sqrt(3 / IN)],
    [
      `lecun_truncated(${IN}, ${OUT})`,
      1 / IN,
      2.37,
      (2 * Math.sqrt(1 / IN)) / Math.sqrt(TRUNCATED),
    ],
  ])('%s', (expression, variance, kurtosis, most) => {
    const x = initial([IN, OUT], expression);
    const deviation = Math.sqrt(variance);
    // Five standard errors of each estimate.
    expect(Math.abs(mean(x))).toBeLessThan((5 * deviation) / Math.sqrt(x.length));
    expect(Math.abs(moment(x, 2) / variance - 1)).toBeLessThan(5 * Math.sqrt(2 / x.length));
    expect(moment(x, 4) / moment(x, 2) ** 2).toBeCloseTo(kurtosis, 1);
    expect(Math.max(...x.map(Math.abs))).toBeLessThanOrEqual(most * (1 + 1e-6));
    expect(new Set(x).size).toBeGreaterThan(0.98 * x.length);
  });
});

describe('orthogonal', () => {
  test.each([[[6, 6]], [[20, 7]], [[5, 30]], [[3, 4, 8]], [[64, 64]]])(
    '%j has orthonormal columns or rows',
    (shape) => {
      const columns = shape.at(-1) ?? 1;
      const rows = shape.slice(0, -1).reduce((n, d) => n * d, 1);
      const q = initial(shape, 'orthogonal(1, 1)');
      const at = (i: number, j: number): number =>
        rows < columns ? (q[i * columns + j] ?? 0) : (q[j * columns + i] ?? 0);
      const [few, many] = [Math.min(rows, columns), Math.max(rows, columns)];
      for (let a = 0; a < few; a++)
        for (let b = 0; b <= a; b++) {
          let product = 0;
          for (let k = 0; k < many; k++) product += at(a, k) * at(b, k);
          expect(Math.abs(product - (a === b ? 1 : 0))).toBeLessThan(1e-12);
        }
    },
  );

  test('is drawn evenly: no entry is favoured', () => {
    // Entries of a random rotation of n axes have mean 0 and variance 1 / n.
    const q = initial([100, 100], 'orthogonal(1, 1)');
    expect(Math.abs(mean(q))).toBeLessThan(5 * 0.1 * 0.01);
    const diagonal = q.filter((_, i) => i % 101 === 0);
    expect(Math.abs(mean(diagonal))).toBeLessThan(5 * 0.1 * 0.1);
  });

  test('as the `init=` of a layer, and with a gain', () => {
    const model = modelOf(
      'input x: f32[n, 4]\noutput y = x |> dense(4, init=orthogonal) |> dense(3, init=fn(i, o) => 2 * orthogonal(i, o)) |> dense(2, init=constant(0.5))\n',
    );
    const values = interpret(
      model.params.map((p) => p.init),
      () => undefined,
    );
    const square = (i: number): number =>
      [...(values[i]?.data ?? [])].reduce((s, v) => s + v * v, 0);
    expect(square(0)).toBeCloseTo(4, 9);
    expect(square(2)).toBeCloseTo(4 * 3, 9);
    expect([...(values[4]?.data ?? [])]).toEqual([0.5, 0.5, 0.5, 0.5, 0.5, 0.5]);
  });
});

test('two parameters do not share their numbers', () => {
  const model = modelOf(
    'param a: f32[50] = truncated_normal(0, 1)\nparam b: f32[50] = truncated_normal(0, 1)\noutput y = a + b\n',
  );
  const [a, b] = interpret(
    model.params.map((p) => p.init),
    () => undefined,
  );
  expect([...(a?.data ?? [])]).not.toEqual([...(b?.data ?? [])]);
});
