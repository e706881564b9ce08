/** Operations on floats, counted by hand. */
import { expect, test } from 'vitest';
import { compile } from '../../compiler/compile.ts';
import { countFlops } from '../../compiler/schedule/count-flops.ts';
import { portable } from '../../compiler/schedule/device.ts';
import { modelOf } from '../support/model.ts';

function flops(text: string): number {
  const programs = [{ kind: 'predict', dims: {} }] as const;
  const [placed = []] = compile(modelOf(text), { device: portable, programs }).placed;
  return placed.reduce((sum, { spec }) => sum + countFlops(spec), 0);
}

test.each([
  [
    'a product: two for each multiply-add',
    'input a: f32[3, 5]\ninput b: f32[5, 7]\noutput y = a @ b',
    2 * 3 * 5 * 7,
  ],
  [
    'what is done to its elements',
    'input a: f32[3, 5]\ninput b: f32[5, 7]\noutput y = exp(a @ b) + 1',
    3 * 7 * (2 * 5 + 2),
  ],
  ['a map, each function once', 'input a: f32[10]\noutput y = sqrt(a) * a + 2', 10 * 3],
  ['a sum of squares', 'input a: f32[4, 6]\noutput y = sum(a * a, axis=1)', 4 * 6 * 2],
  ['a running sum', 'input a: f32[4, 6]\noutput y = cumsum(a, axis=1)', 4 * 6],
  ['whole numbers are none', 'input a: i32[10]\noutput y = a * a + 2', 0],
  ['nor is a view', 'input a: f32[4, 6]\noutput y = a.T', 0],
])('%s', (_, text, expected) => {
  expect(flops(text)).toBe(expected);
});
