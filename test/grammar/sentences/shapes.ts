/** The sentences about shapes, sizes and element types. */
import type { shapes as family } from '../../../grammar/catalogue/shapes.ts';
import type { Samples } from './samples.ts';

export const shapes: Samples<keyof typeof family> = {
  NN0201: [
    { first: 'batch', second: 'n' },
    '`batch` and `n` must be the same size here',
    'use one name in both inputs',
  ],
  NN0202: [
    { call: 'dense(100, 10)', expected: 100, actual: 784, inferred: 'dense(10)' },
    '`dense(100, 10)` expects 100 features; the value piped in has 784',
    'leave the input size out: `dense(10)`',
  ],
  NN0203: [
    { left: 784, right: 100 },
    'the inner sizes of this product differ',
    'the last axis of the left side (784) must equal the last but one of the right (100)',
  ],
  NN0204: [
    {
      callee: 'conv2d',
      needed: '4 axes [n, h, w, c]',
      actual: 'f32[batch, 784]',
      suggestion: 'reshape(x, [batch, 28, 28, 1])',
    },
    'conv2d needs 4 axes [n, h, w, c]; got f32[batch, 784]',
    '`reshape(x, [batch, 28, 28, 1])`',
  ],
  NN0205: [
    { first: 'f32[b, 28, 1]', second: 'f32[b, 14, 2]', axis: 1, along: 2 },
    'these cannot be joined along axis 2: axis 1 differs',
    'only axis 2 may differ in size',
  ],
  NN0206: [
    {
      argument: 'label',
      callee: 'softmax_crossentropy',
      problem: 'has one axis too many',
      help: '`label[:, 0]`',
    },
    '`label` of softmax_crossentropy has one axis too many',
    '`label[:, 0]`',
  ],
  NN0207: [
    { verb: 'add', left: 'f32[b, 10]', right: 'f32[b, 12]', axis: -1 },
    'cannot add f32[b, 10] and f32[b, 12]: axis -1 differs',
    'sizes must be equal, or one side has fewer axes',
  ],
  NN0208: [
    { doing: 'subtracting', result: 'f32[n, n]' },
    'subtracting these would stretch both sides',
    'say which axes are meant: `a[:, None] - b[None, :]`',
  ],
  NN0209: [
    { have: '784 elements per row', target: '[batch, 28, 27]' },
    '784 elements per row cannot become [batch, 28, 27]',
    'the product of the sizes must stay the same; `-1` stands for one of them',
  ],
  NN0210: [
    { axis: 2, rank: 2 },
    'axis 2 of a 2-axis tensor; axes are 0, 1 (or -1, -2)',
    '`axis=-1` is the last axis',
  ],
  NN0211: [
    { text: 'x[:, 800]', axis: 1, size: 784 },
    '`x[:, 800]`: axis 1 has 784 entries',
    'entries are numbered 0 to 783, or -1 to -784 from the end',
  ],
  NN0212: [
    { text: '7:7', problem: 'empty' },
    '`7:7` selects nothing',
    'the start lies before the stop',
  ],
  NN0213: [{ instead: 'n // 2' }, 'sizes divide with `//`', 'write `n // 2`'],
  NN0214: [
    { name: 'bacth', suggestion: 'batch' },
    'no size called `bacth`',
    'did you mean `batch`?',
  ],
  NN0215: [
    { once: 'bacth', other: 'batch' },
    '`bacth` and `batch`: the same size?',
    'write `batch` in both places',
  ],
  NN0216: [
    { name: 't', value: 300, fact: 'dim t <= 256', where: 'gpt.nn:7' },
    '`t` = 300, but `dim t <= 256` (gpt.nn:7)',
  ],
  NN0217: [{ window: '5x5', input: '4x4' }, 'a 5x5 window does not fit 4x4', '`pad="same"`?'],
  NN0220: [
    { problem: 'two `->` in a pattern' },
    'two `->` in a pattern',
    'axis names are separated by spaces: `b t d`',
  ],
  NN0221: [{ help: '384 = 6 * 64' }, 'the pattern and the tensor disagree', '384 = 6 * 64'],
  NN0230: [{}, 'how wide is the input?', '`dense(784, 100)` or declare `input x: f32[batch, 784]`'],
  NN0231: [
    { site: 'fc' },
    'the input size of `fc` is never determined',
    'apply it to a value, or state its input size',
  ],
  NN0240: [
    { op: '*', left: 'f32', right: 'i32', instead: 'cast(x, f32)' },
    'f32 * i32: two element types do not mix',
    'write `cast(x, f32)`',
  ],
  NN0241: [
    { text: 'ids * 0.5', name: 'ids', dtype: 'i32' },
    '`ids * 0.5`: a fraction does not fit i32',
    'cast `ids` first: `cast(ids, f32)`',
  ],
  NN0242: [
    { op: '@', dtype: 'bool', instead: 'cast(x, f32)' },
    '`@` is not defined for bool',
    'write `cast(x, f32)`',
  ],
};
