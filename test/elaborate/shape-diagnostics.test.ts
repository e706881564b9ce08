/** Shapes that do not fit each other, and axes that a tensor does not have. */
import { type Refused, testRefused } from './refused.ts';

const matrix = 'input x: f32[batch, 784]\n';

const rows: readonly Refused[] = [
  {
    code: 'NN0201',
    text: 'input x: f32[batch]\ninput y: f32[n]\noutput z = «x» + y\n',
    message: '`batch` and `n` must be the same size here',
    help: 'use one name in both inputs',
    label: 'f32[batch] (input, line 1)',
    notes: ['f32[n] (input, line 2)'],
  },
  {
    code: 'NN0201',
    text: 'input x: f32[3, batch]\ninput y: f32[n, 4]\noutput z = «x» @ y\n',
    message: '`batch` and `n` must be the same size here',
    help: 'use one name in both inputs',
  },
  {
    code: 'NN0201',
    text: 'input x: f32[batch]\ninput y: f32[n]\nloss = mse(x, «y»)\n',
    message: '`batch` and `n` must be the same size here',
    help: 'use one name in both inputs',
    facts: ['required by std/losses.nn:11: mse(a: float[...s], b: float[...s])'],
  },
  {
    code: 'NN0202',
    text: `${matrix}output y = x |> relu |> «dense(100, 10)»\n`,
    message: '`dense(100, 10)` expects 100 features; the value piped in has 784',
    help: 'write `dense(784, 10)`, or leave the input size out: `dense(10)`',
    label: '100 declared here',
    notes: ['f32[batch, 784]'],
  },
  {
    code: 'NN0202',
    text: 'dense(784, 100) |> relu |> «dense(50, 10)»\n',
    message: '`dense(50, 10)` expects 50 features; the value piped in has 100',
    help: 'write `dense(100, 10)`, or leave the input size out: `dense(10)`',
  },
  {
    code: 'NN0202',
    text: `layer linear(inputs: dim, units: dim)(x: f32[..., inputs]) {\n  param w: f32[inputs, units] = 0\n  return x @ w\n}\n${matrix}output y = x |> «linear(50, 10)»\n`,
    message: '`linear(50, 10)` expects 50 features; the value piped in has 784',
    help: 'write `linear(784, 10)`',
  },
  {
    code: 'NN0203',
    text: `${matrix}param W: f32[100, 10] = 0\noutput y = «x» @ W\n`,
    message: 'the inner sizes of this product differ',
    help: '`param W: f32[784, 10]`, or a layer between: `x |> dense(100)`',
    label: 'f32[batch, 784]: 784 columns (input, line 1)',
    notes: ['f32[100, 10]: 100 rows (param, line 2)'],
  },
  {
    code: 'NN0203',
    text: 'input x: f32[n, 8]\ninput w: f32[5, 8]\noutput y = «x» @ w\n',
    message: 'the inner sizes of this product differ',
    help: '`x @ w.T` would fit',
  },
  {
    code: 'NN0204',
    text: `layer conv(c: dim)(x: float[n, h, w, d]) = x\n${matrix}output y = x |> «conv(3)»\n`,
    message: 'conv needs 4 axes [n, h, w, d]; got f32[batch, 784]',
    help: '`|> reshape([batch, 28, 28, 1])`',
  },
  {
    code: 'NN0204',
    text: 'input x: f32[n]\noutput y = «x[0, 1]»\n',
    message: '`x[0, 1]` needs at least 2 axes; got f32[n]',
    help: 'at most one index for each axis',
  },
  {
    code: 'NN0205',
    text: 'input a: f32[b, 3, 4]\ninput c: f32[b, 5, 6]\noutput y = concat(«[a, c]», axis=1)\n',
    message: 'these cannot be joined along axis 1: axis 2 differs',
    help: 'only axis 1 may differ in size',
    facts: ['f32[b, 3, 4]   (input, line 1)', 'f32[b, 5, 6]   (input, line 2)', '          ^'],
  },
  {
    code: 'NN0206',
    text: 'input x: f32[60000, 10]\ninput label: i32[60000, 1]\nloss = softmax_crossentropy(x, «label»)\n',
    message: '`label` of softmax_crossentropy has one axis too many',
    help: '`label[:, 0]`, or declare `input label: i32[60000]`',
    fix: '[:, 0]',
    label: 'i32[60000, 1], expected int[60000]',
    facts: [
      'required by std/losses.nn:57: softmax_crossentropy(logits: float[...b, c], label: int[...b])',
    ],
  },
  {
    code: 'NN0206',
    text: 'input a: f32[n, 10]\ninput b: f32[n, 12]\nloss = mse(a, «b»)\n',
    message: '`b` of mse has 12 where 10 is expected',
    help: undefined,
  },
  {
    code: 'NN0206',
    text: 'let d = dense(4)\ninput a: f32[n, 8]\ninput b: f32[n, 9]\noutput p = d(a)\noutput q = d(«b»)\n',
    message: '`x` of `dense(4)` has 9 features here and 8 at its first use',
    help: 'one instance has one set of weights; construct a second one for the other size',
    notes: ['f32[n, 8]: first use'],
  },
  {
    code: 'NN0206',
    text: 'input a: i32[n, 8]\noutput p = «a» |> dense(4)\n',
    message: '`x` of dense is i32[n, 8]; it takes float',
    help: '`cast(a, f32)`',
  },
  {
    code: 'NN0207',
    text: 'input a: f32[b, 10]\ninput c: f32[b, 12]\noutput y = «a» + c\n',
    message: 'cannot add f32[b, 10] and f32[b, 12]: axis -1 differs',
    help: 'sizes must be equal, or one side has fewer axes',
    label: 'f32[b, 10] (input, line 1)',
    notes: ['f32[b, 12] (input, line 2)'],
  },
  {
    code: 'NN0208',
    text: 'input x: f32[n, 8]\ninput y: f32[n]\nlet pred = x |> dense(1)\nloss = mean((«pred» - y) ** 2)\n',
    message: 'subtracting these would stretch both sides',
    help: 'drop the axis: `pred[:, 0] - y`; for all pairs write `pred - y[None, :]`',
    label: 'f32[n, 1] (dense(1), line 3)',
    notes: ['f32[n] (input, line 2)'],
    facts: ['the result would be f32[n, n]: every element of `pred` against every element of `y`'],
  },
  {
    code: 'NN0209',
    text: `${matrix}output y = reshape(x, «[batch, 28, 27]»)\n`,
    message: '784 elements per row cannot become [batch, 28, 27]',
    help: 'the product of the sizes must stay the same; `-1` stands for one of them',
  },
  {
    code: 'NN0209',
    text: `${matrix}output y = reshape(x, «[-1, 5]»)\n`,
    message: '784*batch elements cannot become [-1, 5]',
    help: 'the product of the sizes must stay the same; `-1` stands for one of them',
  },
  {
    code: 'NN0210',
    text: `${matrix}output y = mean(x, axis=«2»)\n`,
    message: 'axis 2 of a 2-axis tensor; axes are 0, 1 (or -1, -2)',
    help: '`axis=-1` is the last axis',
  },
];

testRefused('shapes', rows);
