/** Files with several mistakes, mistakes inside the prelude and in layers that nothing uses, and a warning. */
import { expect, test } from 'vitest';
import { elaborateText, unmark } from './elaborate-text.ts';

test('each is reported once, in order of the file', () => {
  const { text, marks } = unmark(
    'input x: f32[n, 4]\nlet a = «y1» + x\nlet b = a + 1\nlet c = x |> «dense»\noutput d = x[:, «9»]\noutput e = b + c\nloss = «x»\n',
  );
  const { diagnostics } = elaborateText(text);
  expect(diagnostics.map((d) => [d.code, d.span])).toEqual([
    ['NN0301', marks[0]],
    ['NN0304', marks[1]],
    ['NN0211', marks[2]],
    ['NN0420', marks[3]],
  ]);
});

test('a mistake in the prelude stands at the line that called it', () => {
  const { text, marks } = unmark(
    'input x: f32[n, 4]\ninput y: f32[n, 3]\nexpect «allclose(x, y)»\n',
  );
  const { diagnostics } = elaborateText(text);
  expect(diagnostics.map((d) => [d.code, d.file, d.span])).toEqual([
    ['NN0207', 'test.nn', marks[0]],
  ]);
  expect(diagnostics[0]?.facts?.at(-1)).toMatch(/^required by std\/metrics\.nn:\d+: allclose\(/);
});

test('names in layers and fns that nothing uses', () => {
  const { text, marks } = unmark(
    'layer f(d: dim, act: fn = «rellu»)(x: float[n, k]) {\n  param W: f32[k, d] = «zeroes»(k)\n  let (a, b) = split(x @ W, 2)\n  let g = fn(p, q) => p + q + «r»\n  return a |> dense(n) as h |> { _ + h } |> act |> repeat i in 0..k { _ * i }\n}\n',
  );
  const { diagnostics } = elaborateText(text);
  expect(diagnostics.map((d) => [d.code, d.span])).toEqual(marks.map((m) => ['NN0301', m]));
});

test('a parameter that no result needs is left out, without an error', () => {
  const { diagnostics, model } = elaborateText(
    'input x: f32[n, 4]\nparam W: f32[4] = 0\noutput y = x\n',
  );
  expect(diagnostics).toEqual([]);
  expect(model?.params).toEqual([]);
});
