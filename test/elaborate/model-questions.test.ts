/** What the trainer asks of a model: is there something to train, which inputs, which batch. */
import { describe, expect, test } from 'vitest';
import { checkExpectations, testSizes } from '../../compiler/elaborate/expectations.ts';
import {
  batchSymbol,
  brokenGuards,
  inputsOf,
  trainable,
  trainingResults,
} from '../../compiler/elaborate/model-questions.ts';
import { modelOf } from './elaborate-text.ts';

describe('trainable', () => {
  const ask = (text: string) => trainable(modelOf(text), { name: 'test.nn', text });
  test('with an optimizer, or by hand', () => {
    expect(ask('param w: f32 = 1\nloss = w ** 2\ntrain { optimizer: sgd() }\n')).toBeUndefined();
    expect(ask('param w: f32 = 1\noutput y = w\nupdate w = w * 2\n')).toBeUndefined();
  });
  test('neither a loss nor an update', () => {
    expect(ask('dense(3, 2)\n')).toMatchObject({
      code: 'NN0501',
      message: 'nothing to train: the file has neither a `loss` nor an `update` of a `param`',
      help: 'say what to minimise: `loss = mse(pred, target)`',
    });
  });
  test('a loss, but no optimizer', () => {
    expect(ask('param w: f32 = 1\nloss = w ** 2\n')).toMatchObject({
      code: 'NN0501',
      message: '`optimizer` takes a layer, and this model has a loss but no optimizer',
      help: 'write `train { optimizer: adam(lr=1e-3) }`',
      span: { start: 17, end: 30 },
    });
  });
});

describe('inputs', () => {
  const text =
    'input a: f32[n, 3]\ninput b: f32[n]\ninput c: f32[k, 3]\nlet d = dense(1)\nloss = mse(d(a)[:, 0], b)\noutput y = d(c)\ntrain { optimizer: sgd() }\n';
  test('those of a training step, and the symbol that they share', () => {
    const model = modelOf(text);
    expect(inputsOf(model, trainingResults(model)).map((i) => i.name)).toEqual(['a', 'b']);
    expect(batchSymbol(model)).toBe('n');
  });
  test('two symbols share nothing', () => {
    expect(
      batchSymbol(modelOf('input a: f32[n]\ninput b: f32[m]\noutput y = a\noutput z = b\n')),
    ).toBeUndefined();
  });
  test('labels get the bound of their use', () => {
    const model = modelOf(
      'input label: u8[n]\ninput x: f32[n, 7]\nloss = softmax_crossentropy(x, label)\noutput o = one_hot(label, 12)\n',
    );
    expect(model.inputs.map((i) => i.below)).toEqual([7, undefined]);
  });
});

describe('expectations', () => {
  test('hold or not, in order', () => {
    const model = modelOf(
      'input x: f32[n]\nexpect sum(x) == sum(x)\nexpect x == x + 1\nexpect size(x, 0) == 3\n',
    );
    expect(checkExpectations(model).map((r) => r.holds)).toEqual([true, false, true]);
  });
  test('symbols are bound to 3, 5, 7, …, and to multiples where a fact asks for them', () => {
    const model = modelOf(
      'dim t % 4\ninput x: f32[n, t]\ninput y: f32[k]\noutput z = sum(x) + sum(y)\n',
    );
    expect(testSizes(model)).toEqual({ n: 3, t: 20, k: 7 });
    expect(testSizes(modelOf('input x: f32[n]\noutput y = x[14:-1]\n'))).toEqual({ n: 16 });
  });
});

test('guards that do not hold are reported when sizes are bound', () => {
  const model = modelOf('dim t <= 256\ninput x: f32[n, t]\noutput y = x\n');
  expect(brokenGuards(model, { n: 2, t: 256 }, 'test.nn')).toEqual([]);
  expect(brokenGuards(model, { n: 2, t: 300 }, 'test.nn')).toMatchObject([
    { code: 'NN0216', message: '`t` = 300, but `dim t <= 256` (test.nn:1)' },
  ]);
});
