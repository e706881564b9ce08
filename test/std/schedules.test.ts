/** Schedules of the prelude that have no golden values, against plain formulas in f64. */
import { expect, test } from 'vitest';
import { ndArray } from '../../compiler/graph/nd-array.ts';
import { modelOf } from '../elaborate/elaborate-text.ts';
import { valuesOf } from '../elaborate/evaluate.ts';

const steps = [0, 1, 4, 5, 9, 10, 11, 19, 20, 25, 40, 1000];

test.each<readonly [string, (t: number) => number]>([
  ['warmup(0.5, 10)', (t) => 0.5 * Math.min((t + 1) / 10, 1)],
  [
    'cosine_decay(1, 20, final=0.1)',
    (t) => 0.1 + 0.45 * (1 + Math.cos((Math.PI * Math.min(t, 20)) / 20)),
  ],
  ['linear_decay(1, 20, final=0.5)', (t) => 1 - 0.5 * Math.min(t / 20, 1)],
  [
    'polynomial_decay(1, 20, 0.5, final=0.25)',
    (t) => 0.25 + 0.75 * Math.sqrt(1 - Math.min(t / 20, 1)),
  ],
  ['inverse_time_decay(1, 0.5, 10)', (t) => 1 / (1 + 0.05 * t)],
  ['exponential_decay(2, 0.9, 10)', (t) => 2 * 0.9 ** (t / 10)],
  ['piecewise([5, 20], [0.1, 0.03, 0.01])', (t) => (t < 5 ? 0.1 : t < 20 ? 0.03 : 0.01)],
  [
    'piecewise([10], [cosine_decay(1, 20), 0.25])',
    (t) => (t < 10 ? 0.5 * (1 + Math.cos((Math.PI * t) / 20)) : 0.25),
  ],
  [
    'warmup_cosine(1, 10, 20)',
    (t) => (t < 10 ? (t + 1) / 10 : 0.5 * (1 + Math.cos((Math.PI * Math.min(t - 10, 10)) / 10))),
  ],
])('%s', (text, formula) => {
  const model = modelOf(`output lr = ${text}\n`);
  const nodes = model.evaluation.outputs.map((o) => o.node);
  for (const t of steps) {
    const [lr] = valuesOf(model, nodes, { values: { step: ndArray('f32', [], [t]) } });
    expect(lr?.data[0]).toBeCloseTo(formula(t), 10);
  }
});
