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
  'fn f(g = fn(x) { return x }) = g(1)',
  'fn f(a = not { g as h }) = a',
  'input f: fn\ndim n',
  'input f:\n  fn\ndim n <= 4',
  'let y = x |> z.else as h',
  'let y = x.let // 2',
  'train { init: fn(x: f32) { return x } }',
  'train {\n  if: 3\n}',
  'def\ninput x: f32',
])('%s', (text) => {
  expect(parseText(text).diagnostics).toEqual([]);
});
