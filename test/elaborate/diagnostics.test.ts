/**
 * What is refused, and how: for each code the place (marked with «…»), the sentence and the help. The
 * whole list of diagnostics is compared, so a second one for the same cause fails too.
 */
import { describe, expect, test } from 'vitest';
import { elaborateText, unmark } from './elaborate-text.ts';

interface Row {
  readonly code: string;
  readonly text: string;
  readonly message: string;
  readonly help: string | undefined;
  /** Messages of the notes, as far as they matter. */
  readonly notes?: readonly string[];
  readonly label?: string;
  readonly facts?: readonly string[];
  readonly fix?: string;
}

const matrix = 'input x: f32[batch, 784]\n';

const shapes: readonly Row[] = [
  {
    code: 'NN0201',
    text: 'input x: f32[batch]\ninput y: f32[n]\noutput z = «x + y»\n',
    message: '`batch` and `n` must be the same size here',
    help: 'use one name in both inputs',
    notes: ['f32[batch] (input, line 1)', 'f32[n] (input, line 2)'],
  },
  {
    code: 'NN0201',
    text: 'input x: f32[3, batch]\ninput y: f32[n, 4]\noutput z = «x @ y»\n',
    message: '`batch` and `n` must be the same size here',
    help: 'use one name in both inputs',
  },
  {
    code: 'NN0201',
    text: 'input x: f32[batch]\ninput y: f32[n]\nloss = mse(x, «y»)\n',
    message: '`batch` and `n` must be the same size here',
    help: 'use one name in both inputs',
    facts: ['required by std/losses.nn:3: mse(a: float[...s], b: float[...s])'],
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
    help: '`reshape` gives other axes, `x[:, None]` one more',
  },
  {
    code: 'NN0204',
    text: 'input x: f32[n]\noutput y = «x[0, 1]»\n',
    message: '`x[0, 1]` needs at least 2 axes; got f32[n]',
    help: '`one index for each axis`',
  },
  {
    code: 'NN0205',
    text: 'input a: f32[b, 3, 4]\ninput c: f32[b, 5, 6]\noutput y = concat(«[a, c]», axis=1)\n',
    message: 'these cannot be joined along axis 1: axis 2 differs',
    help: 'only axis 1 may differ in size',
    facts: ['f32[b, 3, 4]', 'f32[b, 5, 6]', '          ^'],
  },
  {
    code: 'NN0206',
    text: 'input x: f32[60000, 10]\ninput label: i32[60000, 1]\nloss = softmax_crossentropy(x, «label»)\n',
    message: '`label` of softmax_crossentropy has one axis too many',
    help: '`label[:, 0]`',
    label: 'i32[60000, 1], expected int[60000]',
    facts: [
      'required by std/losses.nn:14: softmax_crossentropy(logits: float[...b, c], label: int[...b])',
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
    text: 'input a: i32[n, 8]\noutput p = a |> «dense(4)»\n'
      .replace('«dense(4)»', 'dense(4)')
      .replace('= a', '= «a»'),
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
  {
    code: 'NN0211',
    text: `${matrix}output y = «x[:, 800]»\n`,
    message: '`x[:, 800]`: axis 1 has 784 entries',
    help: 'entries are numbered 0 to 783, or -1 to -784 from the end',
  },
  {
    code: 'NN0211',
    text: `${matrix}output y = «x[:, 700:800]»\n`,
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
  {
    code: 'NN0240',
    text: 'input x: f32[n]\ninput i: i32[n]\noutput y = «x * i»\n',
    message: 'f32 * i32: two element types do not mix',
    help: 'write `cast(i, f32)`',
    fix: 'cast(i, f32)',
  },
  {
    code: 'NN0241',
    text: 'input i: i32[n]\noutput y = «i * 0.5»\n',
    message: '`i * 0.5`: a fraction does not fit i32',
    help: 'cast `i` first: `cast(i, f32)`',
  },
  {
    code: 'NN0242',
    text: 'input i: i32[n]\noutput y = «exp(i)»\n',
    message: '`exp` is not defined for i32',
    help: 'write `cast(i, f32)`',
  },
];

const sizes: readonly Row[] = [
  ['input x: f32[n, «-1»]\noutput y = x\n', '-1'],
  ['output y = zeros(«[3, 0]»)\n', '0'],
  ['output y = iota(«0»)\n', '0'],
  ['input x: f32[n, 4]\noutput y = reshape(x, «[n, -2]»)\n', '-2'],
].map(([text = '', size = '']) => ({
  code: 'NN0313',
  text,
  message: `${size} is no size`,
  help: 'a size is a whole number of at least 1',
}));

const names: readonly Row[] = [
  {
    code: 'NN0108',
    text: 'input x: f32[n, 4]\noutput y = mean(x, «-1»)\n',
    message: '`axis` is optional, so name it: `mean(x, axis=-1)`',
    help: 'write `mean(x, axis=-1)`',
    fix: 'axis=-1',
  },
  {
    code: 'NN0108',
    text: 'input x: f32[n, 4]\noutput y = x |> dense(4, 10, «false»)\n',
    message: '`bias` is optional, so name it: `dense(4, 10, bias=false)`',
    help: 'write `dense(4, 10, bias=false)`',
    fix: 'bias=false',
  },
  {
    code: 'NN0301',
    text: 'input x: f32[n, 4]\noutput y = x |> «lrelu»\n',
    message: 'there is nothing called `lrelu` here',
    help: 'did you mean `relu`?',
  },
  {
    code: 'NN0301',
    text: 'input x: f32[n, 4]\nlet hidden = x\noutput y = «hiden» + 1\n',
    message: 'there is nothing called `hiden` here',
    help: 'did you mean `hidden`?',
  },
  {
    code: 'NN0301',
    text: 'input x: f32[n, 4]\nlet scale: f32 = 2\nfn f(v) = v * «scale»\noutput y = f(x)\n',
    message: 'there is nothing called `scale` here',
    help: 'it is a statement of the file (line 2); a layer or fn sees declarations, `const`s and its own arguments: pass it in',
  },
  {
    code: 'NN0302',
    text: 'input x: f32[n, 4]\noutput y = «h» + x\nlet h = x\n',
    message: '`h` is defined later, on line 3',
    help: 'a statement sees the lines above it only: move one of the two',
  },
  {
    code: 'NN0303',
    text: 'input x: f32[n, 4]\nlet «x» = 3\n',
    message: '`x` is already an input (line 1)',
    help: 'choose another name; only a `let` may be replaced by a later `let`',
  },
  {
    code: 'NN0303',
    text: 'fn f(x) = x\nlayer «f»(d: dim)(x) = x\n',
    message: '`f` is already a fn (line 1)',
    help: 'choose another name; only a `let` may be replaced by a later `let`',
  },
  {
    code: 'NN0304',
    text: 'input x: f32[n, 4]\noutput y = «dense(x)»\n',
    message: '`dense(x)`: configure, then apply',
    help: 'write `x |> dense(10)`',
  },
  {
    code: 'NN0304',
    text: 'input x: f32[n, 4]\noutput y = «layer_norm(x)»\n',
    message: '`layer_norm(x)`: configure, then apply',
    help: 'write `x |> layer_norm`',
  },
  {
    code: 'NN0304',
    text: 'input x: f32[n, 4]\noutput y = x |> «dense»\n',
    message: '`dense`: configure, then apply',
    help: 'write `dense(10)`',
  },
  {
    code: 'NN0305',
    text: 'dense(784, 10, «activation»=relu)\n',
    message: '`dense` has no option `activation`',
    help: 'pipe it: `dense(784, 10) |> relu`',
  },
  {
    code: 'NN0305',
    text: 'dense(784, 10, «bais»=false)\n',
    message: '`dense` has no option `bais`',
    help: 'did you mean `bias`?',
  },
  {
    code: 'NN0305',
    text: 'input x: f32[n, 4]\noutput y = max(x, «0»)\n',
    message: '`max` has no place for `0`',
    help: '`maximum(x, 0)` compares element by element; `max` reduces',
  },
  {
    code: 'NN0305',
    text: 'input x: f32[n, 4]\noutput y = x |> «dropout()»\n',
    message: '`dropout` needs `rate`',
    help: 'its arguments are `dropout(x, rate)`',
  },
  {
    code: 'NN0305',
    text: 'input x: f32[n, 4]\noutput y = mean(x, axis=0, «axis»=1)\n',
    message: '`mean` is given `axis` twice',
    help: undefined,
  },
  {
    code: 'NN0306',
    text: 'layer block(d: dim)(x) = x |> «block(d)»\ninput x: f32[n, 4]\noutput y = x |> block(4)\n',
    message: '`block` uses itself',
    help: 'repetition is `repeat n { ... }`',
  },
  {
    code: 'NN0306',
    text: 'fn f(x) = g(x)\nfn g(x) = «f(x)»\ninput x: f32[n, 4]\noutput y = f(x)\n',
    message: '`f` uses itself',
    help: 'repetition is `repeat n { ... }`',
  },
  {
    code: 'NN0310',
    text: 'fn f(x) {\n  «param W: f32 = 0»\n  return x * W\n}\ninput x: f32[n]\noutput y = f(x)\n',
    message: 'a `fn` owns no weights: `param` in `f`',
    help: 'make it a `layer`: `layer f()(x) { ... }`',
  },
  {
    code: 'NN0310',
    text: 'fn f(x) = x |> «dense(10)»\ninput x: f32[n, 3]\noutput y = f(x)\n',
    message: 'a `fn` owns no weights: `dense(10)` in `f`',
    help: 'make it a `layer`: `layer f()(x) { ... }`',
  },
  {
    code: 'NN0311',
    text: 'input x: f32[n, 3]\nlet h = x\nupdate «h» = x\noutput y = h\n',
    message: 'tensors do not change',
    help: '`where(mask, v, x)` gives a changed copy; a `state` takes its next value by `update`',
  },
  {
    code: 'NN0312',
    text: 'layer «f»()(x) {\n  let y = x\n}\ninput x: f32[n, 3]\noutput y = x |> f\n',
    message: '`f` returns nothing',
    help: 'end its body with `return ...`',
  },
  {
    code: 'NN0313',
    text: 'input x: f32[n, 6]\nlet «(a, b)» = split(x, 3, axis=-1)\noutput y = a\n',
    message: 'this pattern has 2 names; the value has 3 parts',
    help: undefined,
  },
  {
    code: 'NN0314',
    text: 'input x: f32[n, 6]\noutput y = x |> «x»\n',
    message: '`x` is f32[n, 6]: a stage is a layer or a function',
    help: '`_` stands for the value that comes in: `|> { _ * 2 }`',
  },
  {
    code: 'NN0314',
    text: 'input x: f32[n, 6]\noutput y = «x»(2)\n',
    message: '`x` is f32[n, 6]: only layers and functions can be applied',
    help: undefined,
  },
  {
    code: 'NN0320',
    text: 'input x: f32[n, 6]\noutput y = x + «normal(0, 1)»\n',
    message: '`normal` needs a shape here',
    help: 'add `shape=[...]` or `like=x`',
  },
  {
    code: 'NN0330',
    text: 'input x: f32[n, 6]\noutput y = x.«shape»\n',
    message: '`.shape` of a tensor: only layers have fields',
    help: 'sizes are `shape(x)`',
  },
  {
    code: 'NN0330',
    text: 'input x: f32[n, 6]\nlet d = dense(2)\noutput y = d(x)\noutput w = d.«w»\n',
    message: '`.w` of `dense(2)`: only layers have fields',
    help: 'did you mean `W`?',
  },
];

const values: readonly Row[] = [
  {
    code: 'NN0401',
    text: 'input x: f32[n, 4]\noutput y = grad(«argmax(x)», x)\n',
    message: '`argmax` has no gradient',
    help: 'for training use the loss; integers and bools do not change smoothly',
  },
  {
    code: 'NN0401',
    text: 'input i: i32[n]\noutput y = grad(cast(i, f32), «i»)\n',
    message: 'an i32 tensor has no gradient',
    help: 'differentiate by tensors of floats',
  },
  {
    code: 'NN0401',
    text: 'let x = 2\nlet y: f32 = 3\noutput z = grad(y * x, «x»)\n',
    message: '`x`, 2, has no gradient',
    help: 'a number is no variable; `let x: f32 = 2` makes a tensor to differentiate by',
  },
  {
    code: 'NN0405',
    text: 'param w: f32 = 1\nlet a: f32 = 2\nloss = a * 2\noutput g = «grad(loss, w)»\n',
    message: '`loss` does not depend on `w`',
    help: 'let `w` take part in it, or leave this gradient out',
  },
  {
    code: 'NN0405',
    text: 'param w: f32 = 1\nloss = stop_gradient(w) * 2\noutput g = «grad(loss, w)»\n',
    message: '`loss` does not depend on `w`',
    help: 'the path ends at `stop_gradient` on line 2',
  },
  {
    code: 'NN0405',
    text: 'param w: f32 = 1\ninput x: f32[n]\n«loss = mean(x)»\noutput y = w\ntrain { optimizer: sgd() }\n',
    message: '`loss` does not depend on `w`',
    help: 'let `w` take part in it, or leave this gradient out',
  },
  {
    code: 'NN0410',
    text: 'input k: i32\ninput x: f32[n, 4]\noutput y = x |> repeat «k» { relu }\n',
    message: 'the number of repetitions must be known when compiling',
    help: 'use a number, a `const` or an argument of the layer, not a tensor',
  },
  {
    code: 'NN0410',
    text: 'input k: f32\ninput x: f32[n, 4]\noutput y = x |> dropout(0.1) |> dense(«k»)\n',
    message: '`units` of dense must be known when compiling',
    help: 'use a number, a `const` or an argument of the layer, not a tensor',
  },
  {
    code: 'NN0410',
    text: 'input x: f32[n, m]\noutput y = x |> «dense(10)»\n',
    message: 'the size `m` of `dense.W` must be known when compiling',
    help: 'weights have the same size for every batch: give it as a number',
  },
  {
    code: 'NN0412',
    text: 'input x: f32[n]\noutput y = if «x > 0» then x else -x\n',
    message: '`if` chooses while compiling, and this condition is a tensor',
    help: 'per element use `where(x > 0, x, -x)`',
  },
  {
    code: 'NN0420',
    text: 'input x: f32[batch]\nloss = «x ** 2»\n',
    message: 'this loss is f32[batch]; a loss is one number',
    help: 'write `mean(x ** 2)`',
    fix: 'mean(x ** 2)',
  },
  {
    code: 'NN0420',
    text: 'input x: f32[batch]\nmetric m = «x»\n',
    message: 'this metric is f32[batch]; a metric is one number',
    help: 'write `mean(x)`',
  },
];

const training: readonly Row[] = [
  {
    code: 'NN0501',
    text: 'param w: f32 = 1\nloss = w ** 2\ntrain { «epoch»: 3 }\n',
    message: '`train` has no key `epoch`',
    help: 'did you mean `epochs`?',
  },
  {
    code: 'NN0501',
    text: 'param w: f32 = 1\nloss = w ** 2\ntrain { optimizer: «"adam"» }\n',
    message: '`optimizer` takes a layer such as `adam(lr=1e-3)`',
    help: 'write `adam()`',
  },
  {
    code: 'NN0501',
    text: 'param w: f32 = 1\nloss = w ** 2\ntrain { optimizer: sgd() batch: «0» }\n',
    message: '`batch` takes a positive whole number or "all"',
    help: undefined,
  },
  {
    code: 'NN0501',
    text: 'param w: f32 = 1\nloss = w ** 2\ntrain { optimizer: sgd() validation: «2» }\n',
    message: '`validation` takes a fraction between 0 and 1, or the name of a split',
    help: 'write `"test"`',
  },
  {
    code: 'NN0502',
    text: 'param «w»: f32 = 1\nloss = w ** 2\nupdate w = w - grad(loss, w)\ntrain { optimizer: sgd() }\n',
    message: '`w` has both `update` and an optimizer',
    help: 'leave out the `update`, or the `optimizer`',
  },
];

const notYet = (what: string): string =>
  `${what} is part of the language, but this version of nnc does not compile it yet`;
const refused: readonly Row[] = [
  ['input x: f32[n, 4, 4, 1]\noutput y = x |> «conv2d(32, 3)»\n', '`conv2d`'],
  ['«import "other.nn" as other»\n', '`import`'],
  ['«policy { compute: f16 }»\n', '`policy`'],
  ['param w: f32 = 1\nloss = w ** 2\n«train a { optimizer: sgd() }»\n', 'a named `train` section'],
  [
    'param w: f32 = 1\nloss = w ** 2\ntrain { optimizer: sgd() «every»: 5 }\n',
    '`every` in `train`',
  ],
  ['fn «ste»(x) = round(x) vjp (y, dy) => dy\n', 'a `vjp` of your own'],
  ['input x: bf16[n]\n'.replace('bf16', '«bf16»'), '`bf16`'],
].map(([text = '', what = '']) => ({
  code: 'NN0190',
  text,
  message: notYet(what),
  help: what === '`bf16`' ? 'use `f32`' : undefined,
}));

const gather: Row = {
  code: 'NN0190',
  text: 'input i: i32[n]\nparam W: f32[10, 4] = 0\noutput y = W[«i»]\n',
  message: notYet('indexing by a tensor'),
  help: 'a fixed choice of rows is `one_hot(ids, n) @ x`',
};

describe.each([
  ['shapes and element types', shapes],
  ['sizes that are none', sizes],
  ['names, arguments and ownership', names],
  ['values', values],
  ['training', training],
  ['what is not there yet', [...refused, gather]],
] as const)('%s', (_, rows) => {
  test.each(rows.map((row) => [`${row.code} ${row.message}`, row] as const))('%s', (_name, row) => {
    const { text, marks } = unmark(row.text);
    const { diagnostics, model } = elaborateText(text);
    expect(diagnostics.map((d) => d.code)).toEqual([row.code]);
    const [d] = diagnostics;
    expect(d?.message).toBe(row.message);
    expect(d?.help).toBe(row.help);
    expect(d?.span).toEqual(marks[0]);
    if (row.label !== undefined) expect(d?.label).toBe(row.label);
    if (row.notes !== undefined) expect(d?.notes.map((n) => n.message)).toEqual(row.notes);
    if (row.facts !== undefined) expect(d?.facts).toEqual(row.facts);
    if (row.fix !== undefined) expect(d?.fix?.text).toBe(row.fix);
    expect(model).toBeUndefined();
  });
});

describe('several mistakes', () => {
  test('each is reported once, in order of the file', () => {
    const { text, marks } = unmark(
      'input x: f32[n, 4]\nlet a = «y1» + x\nlet b = a + 1\nlet c = x |> «dense»\noutput d = «x[:, 9]»\noutput e = b + c\nloss = «x»\n',
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

  test('a parameter that no result needs is a warning, and the model is there', () => {
    const { text, marks } = unmark('input x: f32[n, 4]\nparam «W»: f32[4] = 0\noutput y = x\n');
    const { diagnostics, model } = elaborateText(text);
    expect(diagnostics.map((d) => [d.code, d.severity, d.span])).toEqual([
      ['NN0903', 'warning', marks[0]],
    ]);
    expect(model?.params).toEqual([]);
  });
});
