/** Sizes and entries: outside an axis, unknown, undetermined, or no sizes at all. */
import { type Refused, testRefused } from './refused.ts';

const matrix = 'input x: f32[batch, 784]\n';

const rows: readonly Refused[] = [
  {
    code: 'NN0211',
    text: `${matrix}output y = x[:, «800»]\n`,
    message: '`x[:, 800]`: axis 1 has 784 entries',
    help: 'entries are numbered 0 to 783, or -1 to -784 from the end',
  },
  {
    code: 'NN0211',
    text: `${matrix}output y = x[:, «700:800»]\n`,
    message: '`x[:, 700:800]`: axis 1 has 784 entries',
    help: 'entries are numbered 0 to 783, or -1 to -784 from the end',
  },
  {
    code: 'NN0212',
    text: `${matrix}output y = x[:, «7:7»]\n`,
    message: '`7:7` selects nothing',
    help: 'the start lies before the stop',
  },
  {
    code: 'NN0212',
    text: `${matrix}output y = x[:, «::0»]\n`,
    message: '`::0` has a step that never moves on',
    help: 'the smallest step is 1',
  },
  {
    code: 'NN0213',
    text: 'input x: f32[n, m]\noutput y = mean(x) * («n / m»)\n',
    message: 'sizes divide with `//`',
    help: 'write `n // m`',
    fix: 'n // m',
  },
  {
    code: 'NN0214',
    text: 'input x: f32[batch, 8]\nlet h: f32[«bacth», 8] = x\noutput y = h\n',
    message: 'no size called `bacth`',
    help: 'did you mean `batch`?',
  },
  {
    code: 'NN0214',
    text: 'param W: f32[«wide», 8] = 0\noutput y = W\n',
    message: 'no size called `wide`',
    help: 'a new size name may stand in an `input` or in the type of a tensor argument',
  },
  {
    code: 'NN0230',
    text: '«dense(10)» |> relu\n',
    message: 'how wide is the input?',
    help: '`dense(784, 10)` or declare `input x: f32[batch, 784]`',
  },
  {
    code: 'NN0230',
    text: '«relu» |> dense(10) |> log_softmax\n',
    message: 'how wide is the input?',
    help: '`dense(784, 10)` or declare `input x: f32[batch, 784]`',
  },
  {
    code: 'NN0231',
    text: 'layer odd(in?: dim)(x) {\n  param W: f32[in] = 0\n  return x * W\n}\ninput x: f32[n, 4]\noutput y = x |> «odd»\n',
    message: 'the input size of `odd` is never determined',
    help: 'apply it to a value, or state its input size',
  },
];

testRefused('sizes', rows);

const noSizes: readonly Refused[] = [
  ['input x: f32[n, «-1»]\noutput y = x\n', '-1'],
  ['output y = zeros(«[3, 0]»)\n', '0'],
  ['output y = iota(«0»)\n', '0'],
  ['input x: f32[n, 4]\noutput y = reshape(x, «[n, -2]»)\n', '-2'],
].map(([text = '', size = '']) => ({
  code: 'NN0313',
  text,
  message: `${size} is no size`,
  help:
    size === '-1'
      ? 'a size that the data decide has a name: `f32[batch, 4]`'
      : 'a size is a whole number of at least 1',
}));

testRefused('sizes that are none', noSizes);
