/** The built-in sets besides `glyphs`: the same bytes on every machine, and numbers of the distribution that they promise. */
import { describe, expect, test } from 'vitest';
import { crc32 } from '../../data/crc32.ts';
import type { Dataset } from '../../data/dataset.ts';
import { generators, line } from '../../data/generators.ts';
import { cosine, sine } from '../../data/trigonometry.ts';

function drawn(name: string): { readonly train: Dataset; readonly test: Dataset } {
  const splits = generators.get(name)?.();
  if (splits?.test === undefined) throw new Error(`${name} has no rows to test on`);
  return { train: splits.train, test: splits.test };
}

const values = (dataset: Dataset, column: string): readonly number[] => [
  ...(dataset.columns.find(({ name }) => name === column)?.values ?? []),
];

const checksum = (dataset: Dataset): number =>
  dataset.columns.reduce(
    (sum, { values: { buffer, byteOffset, byteLength } }) =>
      crc32(new Uint8Array(buffer, byteOffset, byteLength), sum),
    0,
  );

const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

test.each([
  ['line', [400, 100], 'x f32[], y f32[]', [3369391222, 4244108280]],
  ['sine', [1000, 200], 'x f32[1], y f32[1]', [3894031818, 2042271767]],
  ['spirals', [3000, 600], 'point f32[2], label u8[]', [467695992, 1425433303]],
])('%s: rows, columns and bytes', (name, rows, columns, sums) => {
  const { train, test: tested } = drawn(name);
  expect([train.rows, tested.rows]).toEqual(rows);
  for (const dataset of [train, tested])
    expect(
      dataset.columns.map((one) => `${one.name} ${one.dtype}[${one.rowShape}]`).join(', '),
    ).toBe(columns);
  expect([train, tested].map(checksum)).toEqual(sums);
});

test('a set is drawn anew each time, so that nobody changes the numbers of another', () => {
  const [one, other] = [drawn('line').train, drawn('line').train];
  expect(one.columns[0]?.values).toEqual(other.columns[0]?.values);
  expect(one.columns[0]?.values).not.toBe(other.columns[0]?.values);
});

describe('line', () => {
  // Least squares: slope = cov(x, y) / var(x); its deviation is noise / (sqrt(n) * deviation of x).
  test.each(['train', 'test'] as const)('least squares find slope and intercept: %s', (part) => {
    const rows = drawn('line')[part];
    const [x, y] = [values(rows, 'x'), values(rows, 'y')];
    const [meanX, meanY] = [mean(x), mean(y)];
    const covariance = mean(x.map((one, i) => (one - meanX) * ((y[i] ?? 0) - meanY)));
    const variance = mean(x.map((one) => (one - meanX) ** 2));
    const slope = covariance / variance;
    const intercept = meanY - slope * meanX;
    const residuals = x.map((one, i) => (y[i] ?? 0) - slope * one - intercept);
    const error = line.noise / Math.sqrt(rows.rows);
    expect(Math.abs(slope - line.slope)).toBeLessThan(3 * error * Math.sqrt(3));
    expect(Math.abs(intercept - line.intercept)).toBeLessThan(3 * error);
    const noise = Math.sqrt(mean(residuals.map((one) => one ** 2)));
    expect(Math.abs(noise - line.noise)).toBeLessThan((3 * line.noise) / Math.sqrt(2 * rows.rows));
    // Uniform in [-1, 1): variance 1/3.
    expect(Math.min(...x)).toBeGreaterThanOrEqual(-1);
    expect(Math.max(...x)).toBeLessThan(1);
    expect(variance).toBeCloseTo(1 / 3, 1);
  });
});

test('sine: y is the sine of x, to the last bit of f32, and x fills its range', () => {
  const { train } = drawn('sine');
  const [x, y] = [values(train, 'x'), values(train, 'y')];
  for (const [i, one] of x.entries())
    expect(Math.abs((y[i] ?? 0) - Math.sin(one))).toBeLessThan(2 ** -24);
  const eighths = Array.from(
    { length: 8 },
    (_, i) => x.filter((one) => Math.floor((one * 4) / Math.PI) === i).length,
  );
  expect(eighths.reduce((sum, one) => sum + one)).toBe(1000);
  // 125 each, with a deviation of 10.5.
  for (const count of eighths) expect(Math.abs(count - 125)).toBeLessThan(40);
});

describe('spirals', () => {
  const { train, test: tested } = drawn('spirals');

  test('every arm has as many points', () => {
    for (const rows of [train, tested]) {
      const labels = values(rows, 'label');
      expect([0, 1, 2].map((arm) => labels.filter((one) => one === arm).length)).toEqual([
        rows.rows / 3,
        rows.rows / 3,
        rows.rows / 3,
      ]);
    }
  });

  test('a point lies on its own arm: the nearest arm by angle tells nearly all labels', () => {
    const points = values(tested, 'point');
    const right = values(tested, 'label').filter((label, i) => {
      const [x = 0, y = 0] = [points[2 * i], points[2 * i + 1]];
      const radius = Math.hypot(x, y);
      const turned = Math.atan2(y, x) / (2 * Math.PI) - 0.75 * radius;
      const arm = ((Math.round(turned * 3) % 3) + 3) % 3;
      return arm === label;
    });
    expect(right.length / tested.rows).toBeGreaterThan(0.97);
  });

  test('the arms wind about the middle: the mean of each is near it', () => {
    const points = values(train, 'point');
    const labels = values(train, 'label');
    for (const arm of [0, 1, 2]) {
      const own = labels.flatMap((label, i) => (label === arm ? [i] : []));
      const centre = [
        mean(own.map((i) => points[2 * i] ?? 0)),
        mean(own.map((i) => points[2 * i + 1] ?? 0)),
      ];
      expect(Math.hypot(...centre)).toBeLessThan(0.35);
    }
  });
});

test('sine and cosine without Math.sin are right to 1e-14', () => {
  for (let i = -400; i <= 400; i++) {
    const angle = i / 31;
    expect(Math.abs(sine(angle) - Math.sin(angle))).toBeLessThan(1e-14);
    expect(Math.abs(cosine(angle) - Math.cos(angle))).toBeLessThan(1e-14);
  }
});
