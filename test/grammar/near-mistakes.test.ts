/** What looks like a mistake and is none. */
import { expect, it } from 'vitest';
import { parseText } from './marked.ts';

it.each([
  'let y = a // b',
  'let y = a\n  // b',
  'let y = a // b  let z = c // d',
  'layer f(n)(x) { let a = n // 2  update m = a  output m  return a }',
  'train { batch: n // k  epochs: 3 }',
  'let y = x[None, :, None]',
  'let lambda = 0.1  let y = lambda * x',
  'let y = f(True=1)',
  'let y = a |> f\n  |> g',
  'let def = 1\nlet y = def + 1',
])('%s', (text) => {
  expect(parseText(text).diagnostics).toEqual([]);
});
