/** Choosing rows by number: what is refused, and which data are checked when they are loaded. */
import { expect, test } from 'vitest';
import { modelOf } from './elaborate-text.ts';
import { testRefused } from './refused.ts';

const table = 'input x: f32[n, 6]\ninput ids: i32[n]\nparam W: f32[10, 4] = 0\n';

testRefused('row numbers', [
  {
    code: 'NN0314',
    text: `${table}output y = W[«x»]\n`,
    message: '`x` is f32[n, 6]: row numbers are integers: `cast(x, i32)`',
    help: undefined,
  },
  {
    code: 'NN0410',
    text: `${table}output y = x[«ids > 2»]\n`,
    message: 'how many rows a mask selects must be known when compiling',
    help: '`where(mask, x, 0)` keeps the shape; rows are chosen by their numbers',
  },
  {
    code: 'NN0211',
    text: `${table}output y = W[«[0, 10]»]\n`,
    message: '`[0, 10]`: axis 0 has 10 entries',
    help: 'entries are numbered 0 to 9, or -1 to -10 from the end',
  },
  {
    code: 'NN0313',
    text: `${table}output y = W[ids, «ids»]\n`,
    message: 'two tensors in one index',
    help: 'choose along one axis after the other: `x[a][:, b]`; pairs with `take_along`',
  },
  {
    code: 'NN0206',
    text: `${table}output y = topk(x, «7»)[0]\n`,
    message: '`k` of `topk` is 7; it takes a number from 1 to the 6 entries of axis 1',
    help: undefined,
  },
  {
    code: 'NN0206',
    text: `${table}output y = scatter_add(ids, «W», 3)\n`,
    message:
      '`updates` of `scatter_add` is f32[10, 4]; its first axes are those of the row numbers i32[n]',
    help: undefined,
  },
]);

test('an input that chooses rows is checked when the data are loaded, by its smallest table', () => {
  const model = modelOf(
    'input ids: u8[n]\ninput free: i32[n]\nparam A: f32[10, 2] = 0\nparam B: f32[7, 2] = 0\n' +
      'output a = A[ids] + take(B, cast(ids, i32))\noutput b = A[free + 1]\n',
  );
  expect(model.inputs.map((i) => i.below)).toEqual([7, undefined]);
});
