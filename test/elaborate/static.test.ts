/** Static values: arithmetic, constants and `--set`, dtypes, weak literals. */
import { describe, expect, test } from 'vitest';
import { ndArray } from '../../compiler/graph/nd-array.ts';
import { elaborateText, modelOf } from './elaborate-text.ts';
import { outputsOf, shapesOf, valuesOf } from './evaluate.ts';

test.each([
  ['7 // 2', 3],
  ['-7 // 2', -4],
  ['-7 % 3', 2],
  ['2 ** 10', 1024],
  ['7 / 2', 3.5],
  ['-2 ** 2', -4],
  ['sqrt(16) + abs(-3)', 7],
  ['if 3 < 4 and not false then 1 else 2', 1],
  ['maximum(2, 3)', 3],
  ['[1, 2, 3][-1]', 3],
])('%s', (expression, expected) => {
  expect(outputsOf(`output y = ${expression}\n`)['y']).toEqual([expected]);
});

describe('constants', () => {
  const text =
    'const width = 2 * base\nconst base = 3\ninput x: f32[n, 4]\noutput y = x |> dense(width)\n';
  test('may be used above their line', () => {
    expect(shapesOf(modelOf(text))).toEqual(['y f32[n, 6]']);
  });
  test('are overridden by --set', () => {
    expect(shapesOf(modelOf(text, { set: { base: 5 } }))).toEqual(['y f32[n, 10]']);
  });
  test('a --set that names none is reported with what there is', () => {
    const { diagnostics } = elaborateText(text, { set: { depth: 5 } });
    expect(diagnostics.map((d) => [d.code, d.help])).toEqual([
      ['NN0301', '--set: its constants are `width`, `base`'],
    ]);
  });
});

test('literals take the dtype of what they meet', () => {
  const model = modelOf(
    'input i: i32[n]\ninput x: f32[n]\noutput a = i + 1\noutput b = x + 1\noutput c = i == 3\noutput d = where(i > 2, 1, x)\noutput e = cast(x, i32) // 2\n',
  );
  expect(shapesOf(model)).toEqual(['a i32[n]', 'b f32[n]', 'c bool[n]', 'd f32[n]', 'e i32[n]']);
});

test('a number that was cast becomes a tensor of that type where nothing else decides', () => {
  const model = modelOf(
    'output a = broadcast_to(cast(2, i32), [3])\noutput b = where(true, cast(2.5, u32), 1)\noutput c = full([cast(2, i32)], 1)\n',
  );
  expect(shapesOf(model)).toEqual(['a i32[3]', 'b u32[]', 'c f32[2]']);
});

test('the mean of a bool is the share of its trues', () => {
  const values = { i: ndArray('i32', [4], [3, 1, 3, 3]) };
  expect(outputsOf('input i: i32[4]\noutput y = mean(i == 3)\n', { values })['y']).toEqual([0.75]);
});

test('whole exponents are exact for negative bases', () => {
  const values = { x: ndArray('f32', [2], [-2, 3]) };
  const text =
    'input x: f32[2]\noutput a = x ** 3\noutput b = x ** 2\noutput c = x ** -1\noutput d = x ** cast([3, 2], i32)\n';
  expect(outputsOf(text, { values })).toEqual({
    a: [-8, 27],
    b: [4, 9],
    c: [-0.5, 1 / 3],
    d: [-8, 9],
  });
});

test('two lets of one value are two variables', () => {
  expect(outputsOf('let a: f32 = 2\nlet b: f32 = 2\noutput y = grad(a * b * b, a)\n')).toEqual({
    y: [4],
  });
});

test('a named constant is a variable also without a type', () => {
  const text =
    'let zero = zeros([1, 1])\noutput y = grad(sum(where(zero >= 0, zero * 3, 0)), zero)\n';
  expect(outputsOf(text)).toEqual({ y: [3] });
});

test('training is a static bool: two graphs over one set of parameters', () => {
  const model = modelOf(
    'input x: f32[n, 4]\noutput y = x |> dense(2) |> { if training then _ * 2 else _ }\n',
  );
  const [training, evaluation] = [model.training, model.evaluation].map((e) => e.outputs[0]?.node);
  expect(training).not.toBe(evaluation);
  expect(training?.inputs).toContain(evaluation);
  expect(model.params.length).toBe(2);
});

test('expectations are tensors of bools, with their text', () => {
  const model = modelOf('let x: f32 = 2\nexpect x == 2 and\n  x > 1\n');
  expect(model.evaluation.expects.map((e) => e.text)).toEqual(['x == 2 and x > 1']);
  const [value] = valuesOf(
    model,
    model.evaluation.expects.map((e) => e.node),
  );
  expect(value?.data[0]).toBe(1);
});
