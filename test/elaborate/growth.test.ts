/** Short texts whose values double with every line: refused by a message, or shared, before they take memory and time. */
import { expect, test } from 'vitest';
import { elaborateText } from './elaborate-text.ts';

const sized = 'input a: f32[n]\nlet [m] = shape(a)\n';
const applied = (times: number): string => `${'f('.repeat(times)}1${')'.repeat(times)}`;

test.each([
  ['a size whose terms double', `${sized}let q = m |> repeat 60 { _ * (_ + 1) }\n`, ['NN0313']],
  ['a size whose power doubles', `${sized}let q = m |> repeat 2000 { _ * _ }\n`, ['NN0313']],
  ['a quotient inside a quotient', `${sized}let q = m |> repeat 60 { _ // (_ + 1) }\n`, ['NN0313']],
  ['powers of powers', 'input x: f32[((((a + b) ** 8) ** 8) ** 8) ** 8]\n', ['NN0313']],
  [
    'a list twice in itself',
    'fn f(x) = [...x, ...x]\nlet a = [1] |> repeat 60 { f(_) }\n',
    ['NN0313'],
  ],
  ['lists of lists', 'let a = 1 |> repeat 1000 { [_] }\noutput y = sum(a)\n', ['NN0314']],
  [
    'derivatives of derivatives',
    `let x: f32 = 2\noutput y = ${'grad('.repeat(20)}exp(sin(exp(sin(x))))${', x)'.repeat(20)}\n`,
    ['NN0313'],
  ],
  ['a list of a list twice', `fn f(x) = [x, x]\noutput y = sum(${applied(15)})\n`, []],
])('%s', (_, text, codes) => {
  expect(elaborateText(text).diagnostics.map((one) => one.code)).toEqual(codes);
});
