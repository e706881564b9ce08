/** The catalogue: sentences of the elaborator's codes, and types that refuse a wrong code or hole. */
import { describe, expect, it } from 'vitest';
import { alignShapes } from '../../grammar/catalogue/align-shapes.ts';
import { type Code, catalogue, type Params, report } from '../../grammar/catalogue/index.ts';

const place = { file: 'a.nn', span: { start: 0, end: 1 } };

/** One case a code, so that a new code without one does not compile. */
const samples: { readonly [C in Code]: readonly [Params<C>, message: string, help?: string] } = {
  NN0001: [{ text: '$' }, '`$` has no meaning here', 'comments start with `#`'],
  NN0002: [
    {},
    'this string is not closed on its line',
    'end it with `"`; a line break inside a string is written `\\n`',
  ],
  NN0003: [{ text: '5.', instead: '5.0' }, '`5.` lacks a digit beside its point', 'write `5.0`'],
  NN0004: [{ text: '//' }, '`//` divides; comments start with `#`', 'write `#` in its place'],
  NN0101: [
    { expected: 'an expression after `|>`', found: '`let`' },
    'expected an expression after `|>`, found `let`',
  ],
  NN0102: [
    { needs: 'a `param` needs its initial value', example: 'param b: f32[10] = 0' },
    'a `param` needs its initial value: `param b: f32[10] = 0`',
    'write `param b: f32[10] = 0`',
  ],
  NN0103: [{ instead: 'a < b and b < c' }, 'comparisons do not chain', 'write `a < b and b < c`'],
  NN0104: [
    { pipe: 'x |> f', op: '+', operand: 'y' },
    'an operator cannot follow a stage: `x |> f + y`',
    'write `(x |> f) + y`, or go on with a block: `x |> f |> { _ + y }`',
  ],
  NN0105: [
    { name: 'f64', instead: 'f32' },
    'WebGPU has no 64-bit numbers, so there is no `f64`',
    'use `f32`',
  ],
  NN0106: [{ name: 'float32', suggestion: 'f32' }, 'unknown type `float32`', 'did you mean `f32`?'],
  NN0107: [{ found: 'def', instead: 'write `fn`' }, '`def` is Python', 'write `fn`'],
  NN0108: [
    { name: 'stride', instead: 'conv2d(32, 3, stride=2)' },
    '`stride` is optional, so name it: `conv2d(32, 3, stride=2)`',
    'write `conv2d(32, 3, stride=2)`',
  ],
  NN0109: [
    { name: 'relu' },
    'is a `|>` missing before `relu`?',
    'write `|> relu`; a file has one bare chain, which stands before its statements',
  ],
  NN0110: [{ name: 'y' }, '`y = ...` does not start with a keyword', 'did you mean `let y = ...`?'],
  NN0111: [
    { limit: 64 },
    'this is nested more than 64 deep',
    'give an inner part a name with `let`',
  ],
  NN0190: [
    { what: '`scan`' },
    '`scan` is part of the language, but this version of nnc does not compile it yet',
  ],
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
  NN0301: [
    { name: 'linear', suggestion: 'dense' },
    'there is nothing called `linear` here',
    'did you mean `dense`?',
  ],
  NN0302: [
    { name: 'h', line: 14 },
    '`h` is defined later, on line 14',
    'a statement sees the lines above it only: move one of the two',
  ],
  NN0303: [
    { name: 'x', kind: 'an input', line: 1 },
    '`x` is already an input (line 1)',
    'choose another name; only a `let` may be replaced by a later `let`',
  ],
  NN0304: [
    { text: 'dense(x)', instead: 'x |> dense(10)' },
    '`dense(x)`: configure, then apply',
    'write `x |> dense(10)`',
  ],
  NN0305: [
    {
      callee: 'dense',
      problem: 'unknown',
      argument: 'activation',
      help: 'pipe it: `dense(10) |> relu`',
    },
    '`dense` has no option `activation`',
    'pipe it: `dense(10) |> relu`',
  ],
  NN0306: [{ name: 'block' }, '`block` uses itself', 'repetition is `repeat n { ... }`'],
  NN0307: [
    { option: 'pad', value: 'smae', allowed: '"same", "valid"', suggestion: 'same' },
    'pad="smae"; one of "same", "valid"',
    'did you mean `same`?',
  ],
  NN0308: [
    { path: 'b.nn', cycle: 'a.nn -> b.nn -> a.nn' },
    'these files import each other: a.nn -> b.nn -> a.nn',
    'move what both need to a third file',
  ],
  NN0310: [
    { fn: 'f', what: 'param' },
    'a `fn` owns no weights: `param` in `f`',
    'make it a `layer`: `layer f()(x) { ... }`',
  ],
  NN0311: [
    {},
    'tensors do not change',
    '`where(mask, v, x)` gives a changed copy; a `state` takes its next value by `update`',
  ],
  NN0312: [{ name: 'f' }, '`f` returns nothing', 'end its body with `return ...`'],
  NN0313: [
    { what: 'this pattern has 2 names, the value has 3 parts' },
    'this pattern has 2 names, the value has 3 parts',
  ],
  NN0314: [
    { text: 'x(3)', is: 'f32[2]', needed: 'only layers and functions can be applied' },
    '`x(3)` is f32[2]: only layers and functions can be applied',
  ],
  NN0320: [{ callee: 'normal' }, '`normal` needs a shape here', 'add `shape=[...]` or `like=x`'],
  NN0330: [
    { field: 'shape', on: 'a tensor' },
    '`.shape` of a tensor: only layers have fields',
    'sizes are `shape(x)`',
  ],
  NN0401: [
    { what: '`argmax`' },
    '`argmax` has no gradient',
    'for training use the loss; integers and bools do not change smoothly',
  ],
  NN0405: [
    { of: 'loss', by: 'w', cut: '`stop_gradient` on line 7' },
    '`loss` does not depend on `w`',
    'the path ends at `stop_gradient` on line 7',
  ],
  NN0410: [
    { what: 'the number of repetitions' },
    'the number of repetitions must be known when compiling',
    'use a number, a `const` or an argument of the layer, not a tensor',
  ],
  NN0412: [
    {},
    '`if` chooses while compiling, and this condition is a tensor',
    'per element use `where(c, a, b)`',
  ],
  NN0420: [
    { type: 'f32[batch]' },
    'this loss is f32[batch]; a loss is one number',
    'write `mean(...)`',
  ],
  NN0501: [
    { problem: 'key', key: 'epoch', suggestion: 'epochs' },
    '`train` has no key `epoch`',
    'did you mean `epochs`?',
  ],
  NN0502: [
    { name: 'W' },
    '`W` has both `update` and an optimizer',
    'leave out one of them, or keep the optimizer away: `freeze: W`',
  ],
  NN0503: [
    { name: 'logits', needs: '3.2 GB', limit: '2 GB', axis: 'vocab' },
    '`logits` needs 3.2 GB; this device binds at most 2 GB',
    'a smaller batch, or split `vocab`',
  ],
  NN0504: [
    { data: 'digits', columns: '{X: "pixels"}' },
    'the columns of `digits` do not fit the inputs of this file',
    'say which is which: `columns: {X: "pixels"}`',
  ],
  NN0505: [
    { column: 'label', value: 10, row: 312, bound: '`logits` has 10 classes (0 to 9)' },
    '`label` has 10 at row 312, but `logits` has 10 classes (0 to 9)',
    'whole numbers that choose a class or a row count from 0',
  ],
  NN0901: [{ name: 'x', line: 8 }, 'the `x` of line 8 is never used'],
  NN0903: [
    { name: 'W' },
    'no output or loss uses the parameter `W`',
    'it is left out of the program; use it or remove its line',
  ],
  NN0904: [{ name: 'y' }, 'no input can change the output `y`', 'it is the same for every row'],
  NN0905: [
    {},
    'the pipe belongs to the `else` branch only',
    'parenthesise: `(if c then a else b) |> f`',
  ],
  NN0910: [
    { text: 'log(sum(exp(x)))', instead: 'logsumexp(x)' },
    '`log(sum(exp(x)))` overflows beyond 88',
    'write `logsumexp(x)`',
  ],
  NN0911: [{}, 'this normalises over the whole batch', '`axis=-1`?'],
  NN0912: [
    { loss: 'softmax_crossentropy' },
    'softmax_crossentropy expects logits, and gets probabilities',
    'remove `|> softmax`',
  ],
};

describe('sentences', () => {
  it.each(Object.entries(samples))('%s', (code, [params, message, help]) => {
    const diagnostic = report(code as Code, params as Params<Code>, place);
    expect(diagnostic).toMatchObject({ code, message, ...place });
    expect(diagnostic.help).toBe(help);
    expect(diagnostic.severity).toBe(/^NN09|NN0215/.test(code) ? 'warning' : 'error');
    expect(message).not.toMatch(/\.$/);
  });

  it('each code of the catalogue has a case', () => {
    expect(Object.keys(samples).toSorted()).toEqual(Object.keys(catalogue).toSorted());
  });

  it.each([
    ['missing', '`dense` needs `units`'],
    ['extra', '`dense` has no place for `units`'],
    ['duplicate', '`dense` is given `units` twice'],
  ] as const)('NN0305 %s', (problem, message) => {
    const params = { callee: 'dense', problem, argument: 'units', signature: 'dense(in?, units)' };
    const diagnostic = report('NN0305', params, place);
    expect(diagnostic.message).toBe(message);
    expect(diagnostic.help).toBe('its arguments are `dense(in?, units)`');
  });

  it('NN0501 for a value and for nothing to train', () => {
    const value = {
      problem: 'value',
      key: 'optimizer',
      expected: 'an optimizer',
      instead: 'adam()',
    } as const;
    expect(report('NN0501', value, place)).toMatchObject({
      message: '`optimizer` takes an optimizer',
      help: 'write `adam()`',
    });
    expect(report('NN0501', { problem: 'nothing' }, place).message).toMatch(/^nothing to train/);
  });

  it('the place may replace the help and add facts', () => {
    const params = { first: 'f32[b, 2]', second: 'f32[b, 3]', axis: 1, along: 0 };
    const diagnostic = report('NN0205', params, { ...place, help: 'other', facts: ['more'] });
    expect(diagnostic.help).toBe('other');
    expect(diagnostic.facts?.at(-1)).toBe('more');
    expect(diagnostic.facts).toHaveLength(4);
  });
});

describe('types', () => {
  it('refuse a wrong code, a missing hole and a wrong hole', () => {
    // @ts-expect-error There is no such code.
    expect(() => report('NN9999', {}, place)).toThrow();
    // @ts-expect-error `instead` is missing.
    report('NN0103', {}, place);
    // @ts-expect-error A number for a text.
    report('NN0306', { name: 3 }, place);
    // @ts-expect-error The key is missing.
    report('NN0501', { problem: 'key' }, place);
  });
});

describe('alignShapes', () => {
  it.each([
    [
      'f32[b, 28, 10]',
      'f32[batch, 14, 10]',
      1,
      ['f32[    b, 28, 10]', 'f32[batch, 14, 10]', '           ^^'],
    ],
    ['f32[b, 28]', 'bf16[b, 1]', -1, [' f32[b, 28]', 'bf16[b,  1]', '        ^^']],
    ['f32[b]', 'f32[b, 1]', 0, ['f32[b]', 'f32[b, 1]']],
    [
      'f32[max(a, b), 1]',
      'f32[c, 2]',
      1,
      ['f32[max(a, b), 1]', 'f32[        c, 2]', '               ^'],
    ],
  ])('%s and %s', (first, second, axis, lines) => {
    expect(alignShapes(first, second, axis)).toEqual(lines);
  });
});
