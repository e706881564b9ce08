/**
 * Sentences of sections 1, 2 and 7 of the language's reference that no other test speaks of: one small
 * program each, with values worked out by hand.
 */
import { describe, expect, test } from 'vitest';
import { ndArray } from '../../compiler/graph/nd-array.ts';
import { elaborateText, modelOf, paths } from './elaborate-text.ts';
import { outputsOf, shapesOf } from './evaluate.ts';

/** Output `y` of a program over x = [0, 1, 2, 3, 4, 5]. */
const y = (text: string): number[] => {
  const six = ndArray('f32', [6], [0, 1, 2, 3, 4, 5]);
  return outputsOf(`input x: f32[6]\n${text}\n`, { values: { x: six } })['y'] ?? [];
};
const codes = (text: string): string[] => elaborateText(text).diagnostics.map((d) => d.code);

const lexical: readonly (readonly [string, string, readonly number[]])[] = [
  ['`;` is ignored', 'let a = 1; let b = 2;\noutput y = a + b;', [3]],
  [
    'a pipe goes on over lines',
    'output y = x\n  |> sum\n  # a comment between\n  |> { _ + 1 }',
    [16],
  ],
  ['an operator goes on over lines', 'output y = 1 +\n  2 *\n  3', [7]],
  [
    'commas behind the last',
    'fn f(a, b,) = a + b\noutput y = f(1, 2,) + sum(x[:,]) + [1, 2,][1,]',
    [20],
  ],
  ['numbers', 'output y = [60_000, 0.5, 1e-3, 2E2]', [60_000, 0.5, 1e-3, 200]],
  [
    'strings and their escapes',
    'const s = "a\\n\\t\\"\\\\\\u{3b1}"\noutput y = if s == "a\\n\\t\\"\\\\α" then 1 else 2',
    [1],
  ],
  ['Greek and Latin letters in names', 'const β1 = 2\nlet σ_É = 3\noutput y = β1 * σ_É', [6]],
  [
    'soft keywords are names',
    'const metric = 2\nlet loss_of = fn(from, as_) => from * as_\nlet state = loss_of(metric, 4)\noutput y = state',
    [8],
  ],
  [
    'any word before `=` and behind `.`',
    'layer f(in: dim, output: int, from = 1)(x) = x * in * output * from\noutput y = f(in=2, output=3, from=1)(x)',
    [0, 6, 12, 18, 24, 30],
  ],
  [
    'names of the shading language',
    'let var = 1\nlet texture_2d = 2\nlet __x = 3\nlet fn_main = 4\noutput y = var + texture_2d + __x + fn_main',
    [10],
  ],
  ['`//` divides, `#` comments', 'output y = 7 // 2 # // 3', [3]],
  [
    'a doc comment changes nothing',
    '## twice\n## its argument\nfn f(x) = 2 * x\noutput y = f(3)',
    [6],
  ],
  [
    '`-x ** 2` is `-(x ** 2)`, `**` goes right',
    'output y = [-2 ** 2, 2 ** 3 ** 2, 2 ** -1]',
    [-4, 512, 0.5],
  ],
  [
    '`not` and comparisons before `and` before `or`',
    'output y = if false and false or not 1 > 2 then 1 else 2',
    [1],
  ],
];
describe('words', () => {
  test.each(lexical)('%s', (_, text, expected) => {
    expect(y(text)).toEqual(expected);
  });
  test('a new line never continues a call, an index or a block', () => {
    expect(codes('input x: f32[4]\nlet f = relu\nlet y = f\n(x)\noutput z = x\n')).toEqual([
      'NN0101',
    ]);
  });
  test('the version is pinned on the first line', () => {
    expect(codes('nn 0.1\nconst a = 1\noutput y = a\n')).toEqual([]);
    const { diagnostics } = elaborateText('nn 0.2\nconst a = 1\noutput y = a\n');
    expect(diagnostics).toMatchObject([{ severity: 'error', span: { start: 3, end: 6 } }]);
  });
});

const tuples: readonly (readonly [string, string, readonly number[]])[] = [
  ['a tuple is taken apart', 'let (a, b) = (1, 2)\noutput y = [b, a]', [2, 1]],
  [
    'patterns in patterns',
    'let ((a, b), [c, _]) = ((1, 2), [3, 4])\noutput y = [a, b, c]',
    [1, 2, 3],
  ],
  ['a list pattern takes a tuple too', 'let [a, b] = (1, 2)\noutput y = [b, a]', [2, 1]],
  [
    'sizes',
    'let [n] = shape(x)\nlet [a, b] = shape(reshape(x, [2, 3]))\noutput y = [n, a, b]',
    [6, 2, 3],
  ],
  [
    'a tuple comes out of a fn',
    'fn both(a) { return (a + 1, a - 1) }\nlet (p, q) = both(10)\noutput y = [p, q]',
    [11, 9],
  ],
  [
    'a tuple goes through a pipe',
    'fn swap(t) { let (a, b) = t\n return (b, a) }\nlet (a, b) = (1, 2) |> swap\noutput y = [a, b]',
    [2, 1],
  ],
  ['a tuple is indexed', 'let t = (5, 6, 7)\noutput y = [t[0], t[-1]]', [5, 7]],
  ['splats', 'const a = [1, 2]\noutput y = [0, ...a, 3, ...a]', [0, 1, 2, 3, 1, 2]],
  [
    'a splat of sizes',
    'fn f(v: float[...b, c]) = zeros([...b, 2 * c])\noutput y = shape(f(reshape(x, [1, 2, 3])))',
    [1, 2, 6],
  ],
  ['a list of tensors is a tensor', 'let s = sum(x)\noutput y = [s, 2 * s]', [15, 30]],
  ['lists of lists', 'let v: f32[2, 2] = [[1, 2], [3, 4]]\noutput y = flatten(v.T)', [1, 3, 2, 4]],
];
describe('tuples, lists and patterns', () => {
  test.each(tuples)('%s', (_, text, expected) => {
    expect(y(text)).toEqual(expected);
  });
  test('a pattern that does not fit', () => {
    expect(codes('let (a, b) = (1, 2, 3)\n')).toEqual(['NN0313']);
    expect(codes('input x: f32[n]\nlet (a, b) = x\n')).toEqual(['NN0313']);
  });
});

const calls: readonly (readonly [string, string, readonly number[]])[] = [
  [
    'a lambda of one expression',
    'let f = fn(a, b = 2) => a * b\noutput y = [f(3), f(3, b=5)]',
    [6, 15],
  ],
  [
    'a lambda with statements',
    'let f = fn(a) { let b = a + 1\n return b * b }\noutput y = f(2)',
    [9],
  ],
  ['a lambda sees what is around it', 'let k = sum(x)\noutput y = 2 |> (fn(a) => a * k)', [30]],
  [
    'a fn as an argument',
    'fn twice(f: fn, v) = f(f(v))\noutput y = twice(fn(a) => a * 3, 2)',
    [18],
  ],
  ['a fn declared below', 'output y = g(2)\nfn g(a) = h(a) + 1\nfn h(a) = 10 * a', [21]],
  [
    'an option sees the arguments before it',
    'fn f(a, b = 2 * a) = a + b\noutput y = [f(1), f(1, b=5)]',
    [3, 6],
  ],
  [
    'required arguments by name, in any order',
    'fn f(a, b) = a - b\noutput y = [f(b=1, a=5), f(5, b=1), f(a=5, 1)]',
    [4, 4, 4],
  ],
  ['a prelude name is shadowed freely', 'fn relu(v) = v + 100\noutput y = relu(1)', [101]],
  ['a name that is called skips tensors', 'let mean = sum(x)\noutput y = mean(x) + mean', [17.5]],
  ['`let` may shadow an earlier `let`', 'let a = x + 1\nlet a = a * 2\noutput y = sum(a)', [42]],
  [
    'a body may reuse the name of a constant for an argument',
    'const d = 5\nfn f(d) = d + 1\noutput y = f(1)',
    [2],
  ],
  ['a block uses names from around it', 'let k = 3\noutput y = 2 |> { _ * k } |> { _ + k }', [9]],
  [
    '`if` chooses while compiling; the other branch is not looked at',
    'output y = if shape(x)[0] == 6 then 1 else x @ zeros([7])',
    [1],
  ],
  ['repeat no times', 'output y = 5 |> repeat 0 { _ * 0 } |> { _ + 1 }', [6]],
  [
    'repeat by a constant and by an expression',
    'const k = 2\noutput y = 1 |> repeat k { _ * 3 } |> repeat (k + 1) { _ * 2 }',
    [72],
  ],
  [
    'repeat over a range of constants',
    'const k = 3\noutput y = 0 |> repeat i in 1..k { _ * 10 + i }',
    [12],
  ],
  [
    'repeat over a list that a name stands for',
    'const sizes = [1, 2, 3]\noutput y = 0 |> repeat c in sizes { _ * 10 + c }',
    [123],
  ],
  [
    'repeat in repeat',
    'output y = 0 |> repeat i in 0..2 { repeat j in 0..2 { _ * 10 + 2 * i + j } }',
    [123],
  ],
  [
    'repeat over a tuple that goes round',
    'fn step(t, i) { let (a, b) = t\n return (b, a + b + i) }\nlet (a, b) = (0, 1) |> repeat i in 0..4 { step(i) }\noutput y = [a, b]',
    [6, 12],
  ],
  ['`as` names a tensor in the middle', 'output y = x |> sum as s |> { _ + s }', [30]],
  [
    'a composition is a value',
    'let f = { _ + 1 } |> { _ * 2 }\noutput y = [f(1), 1 |> f |> f]',
    [4, 10],
  ],
];
describe('calls and scope', () => {
  test.each(calls)('%s', (_, text, expected) => {
    expect(y(text)).toEqual(expected);
  });
  test.each([
    ['an option by position', 'fn f(a, b = 2) = a\noutput y = f(1, 2)\n', 'NN0108'],
    [
      'a lambda owns nothing',
      'input x: f32[n, 4]\noutput y = x |> (fn(a) => a |> dense(3))\n',
      'NN0310',
    ],
    [
      'a fn owns nothing',
      'fn f(x) { param w: f32 = 1\n return w * x }\noutput y = f(1)\n',
      'NN0310',
    ],
    [
      'a size of one helper is unknown to another',
      'fn f(x: f32[k]) = g(x)\nfn g(x) = zeros([k])\ninput v: f32[n]\noutput y = f(v)\n',
      'NN0301',
    ],
  ])('%s', (_, text, code) => {
    expect(codes(text)).toEqual([code]);
  });
  test('configuration: a leading size may be skipped, everything optional named bare', () => {
    expect(
      paths(
        modelOf(
          'input x: f32[n, 4]\noutput y = x |> dense(4, 3) |> dense(2) |> layer_norm |> dense(units=5)\n',
        ),
      ),
    ).toEqual([
      ...['dense.W [4, 3]', 'dense.b [3]', 'dense_1.W [3, 2]', 'dense_1.b [2]'],
      ...['layer_norm.gamma [2]', 'layer_norm.beta [2]', 'dense_2.W [2, 5]', 'dense_2.b [5]'],
    ]);
  });
  test('several losses have names, and are summed', () => {
    const model = modelOf(
      'param w: f32 = 1\nloss = w ** 2\nloss ridge = 0.1 * w ** 2\nmetric both = loss + ridge\n',
    );
    expect(model.training.losses.map((l) => l.name)).toEqual(['loss', 'ridge']);
  });
});

const slices: readonly (readonly [string, readonly number[]])[] = [
  ['x[1]', [1]],
  ['x[-1]', [5]],
  ['x[1:3]', [1, 2]],
  ['x[:-4]', [0, 1]],
  ['x[-2:]', [4, 5]],
  ['x[::2]', [0, 2, 4]],
  ['x[1::2]', [1, 3, 5]],
  ['x[1:6:3]', [1, 4]],
  ['x[::4]', [0, 4]],
  ['x[::-1]', [5, 4, 3, 2, 1, 0]],
  ['x[::-2]', [5, 3, 1]],
  ['x[4:1:-1]', [4, 3, 2]],
  ['x[4:1:-2]', [4, 2]],
  ['x[-2::-3]', [4, 1]],
  ['x[:2:-1]', [5, 4, 3]],
  ['x[2::-1]', [2, 1, 0]],
  ['x[-1:-4:-1]', [5, 4, 3]],
  ['x[0:6:1][3:0:-1][::-1]', [1, 2, 3]],
  ['reshape(x, [2, 3])[1, ::-1]', [5, 4, 3]],
  ['reshape(x, [2, 3])[::-1, 0]', [3, 0]],
  ['reshape(x, [2, 3])[..., 1]', [1, 4]],
  ['reshape(x, [2, 3])[:, None, 1:].T', [1, 2, 4, 5]],
  ['reshape(x, [1, 2, 3])[0, ..., -1]', [2, 5]],
];
describe('slices', () => {
  test.each(slices)('%s', (expression, expected) => {
    expect(y(`output y = ${expression}`)).toEqual(expected);
  });
  test('the gradient of a slice with a negative step lands where it was read', () => {
    expect(y('let k: f32[3] = [1, 10, 100]\noutput y = grad(sum(x[::-2] * k), x)')).toEqual([
      0, 100, 0, 10, 0, 1,
    ]);
  });
  test.each([
    ['x[6]', 'NN0211'],
    ['x[:7]', 'NN0211'],
    ['x[-7]', 'NN0211'],
    ['x[2:2]', 'NN0212'],
    ['x[::0]', 'NN0212'],
    ['x[1:4:-1]', 'NN0212'],
    ['x[0, 0]', 'NN0204'],
    ['x[0.5]', 'NN0410'],
  ])('%s is %s', (expression, code) => {
    expect(codes(`input x: f32[6]\noutput y = ${expression}\n`)).toEqual([code]);
  });
});

describe('sizes', () => {
  test('facts are checked when the sizes are bound', () => {
    const text = 'const most = 64\ndim t <= most, t % 8\ninput x: f32[n, t]\noutput y = x\n';
    expect(modelOf(text).guards.map((g) => g.text)).toEqual([
      'dim t <= most (test.nn:2)',
      'dim t % 8 (test.nn:2)',
    ]);
  });
  test('a slice by a size is a fact as well', () => {
    const text = 'param w: f32[16, 2] = 0\ninput x: f32[n, t, 2]\noutput y = x + w[:t]\n';
    expect(modelOf(text).guards.map((g) => g.text)).toEqual(['t <= 16 (test.nn:3)']);
  });
  test('sizes are polynomials, with floor and remainder', () => {
    const text =
      'input x: f32[n, 2 * k]\noutput a = reshape(x, [2, -1])\noutput b = reshape(x, [n * k, 2])\noutput c = zeros([(n * 6) // 3, n % 5 + 1])\n';
    expect(shapesOf(modelOf(text))).toEqual([
      'a f32[2, k*n]',
      'b f32[k*n, 2]',
      'c f32[2*n, ((n) mod (5))+1]',
    ]);
  });
  test('a size is a scalar in arithmetic', () => {
    const values = { x: ndArray('f32', [4], [1, 2, 3, 4]) };
    const text = 'input x: f32[n]\nlet [n] = shape(x)\noutput y = sum(x) / sqrt(n) + n // 2\n';
    expect(outputsOf(text, { sizes: { n: 4 }, values })['y']).toEqual([7]);
  });
  test('axes by number, list, name of a size, and all but one', () => {
    const text =
      'input x: f32[b, t, c]\noutput p = mean(x, axis=t)\noutput q = sum(x, axis=[0, -1])\noutput r = max(x, keep=-1)\noutput s = mean(x, axis=c, keepdims=true)\noutput u = sum(x, keep=[0, 2])\n';
    expect(shapesOf(modelOf(text))).toEqual([
      ...['p f32[b, c]', 'q f32[t]', 'r f32[c]', 's f32[b, t, 1]', 'u f32[b, c]'],
    ]);
  });
  test('a name of a size that stands on two axes is no axis', () => {
    expect(codes('input x: f32[n, n]\noutput y = mean(x, axis=n)\n')).toEqual(['NN0313']);
  });
  test('`let h: type` checks and never casts', () => {
    expect(codes('input x: f32[b, 4]\nlet h: f32[b, 4] = x\noutput y = h\n')).toEqual([]);
    expect(codes('input x: f32[b, 4]\nlet h: i32[b, 4] = x\noutput y = h\n')).toEqual(['NN0206']);
    expect(codes('input x: f32[b, 4]\nlet h: f32[b, 5] = x\noutput y = h\n')).toEqual(['NN0206']);
  });
});

describe('numbers', () => {
  test('`%` and `//` floor, for whole numbers and floats', () => {
    const values = {
      a: ndArray('f32', [4], [7, -7, 7, -7]),
      b: ndArray('f32', [4], [3, 3, -3, -3]),
    };
    const text =
      'input a: f32[4]\ninput b: f32[4]\nlet i = cast(a, i32)\nlet j = cast(b, i32)\noutput f = a // b\noutput r = a % b\noutput k = i // j\noutput s = i % j\n';
    const { f, r, k, s } = outputsOf(text, { values });
    expect([f, k]).toEqual([
      [2, -3, -3, 2],
      [2, -3, -3, 2],
    ]);
    expect([r, s]).toEqual([
      [1, 2, -2, -1],
      [1, 2, -2, -1],
    ]);
  });
  test('8 and 16 bits load as i32', () => {
    const model = modelOf(
      'input a: u8[n]\ninput b: i8[n]\ninput c: u16[n]\ninput d: i16[n]\noutput e = a + b + c + d\n',
    );
    expect(shapesOf(model)).toEqual(['e i32[n]']);
  });
  test('`float` is one type in a signature', () => {
    const f = 'fn f(a: float[n], b: float[n]) = a + b\n';
    expect(codes(`${f}input x: f32[n]\noutput y = f(x, cast(x, f16))\n`)).toEqual(['NN0206']);
    expect(codes(`${f}input x: f32[n]\noutput y = f(cast(x, f16), cast(x, f16))\n`)).toEqual([]);
  });
  test('a float constant over a whole one is a float', () => {
    expect(y('const a = 7\nconst b = a / 2\noutput y = b')).toEqual([3.5]);
  });
  test('what stops a gradient', () => {
    expect(y('output y = grad(sum(x * stop_gradient(x)), x)')).toEqual([0, 1, 2, 3, 4, 5]);
    expect(codes('input x: f32[n]\noutput y = grad(sum(stop_gradient(x)), x)\n')).toEqual([
      'NN0405',
    ]);
  });
});

describe('a layer and its file', () => {
  test.each([
    ['loss = sum(x)', 'loss'],
    ['metric m = sum(x)', 'metric'],
    ['output o = x', 'output'],
    ['input z: f32[n]', 'input'],
    ['expect sum(x) > 0', 'expect'],
  ])('`%s` inside of a layer', (statement, word) => {
    const text = `layer f()(x) {\n  ${statement}\n  return x\n}\ninput v: f32[n]\noutput y = v |> f\n`;
    const { diagnostics } = elaborateText(text);
    expect(diagnostics).toMatchObject([
      {
        code: 'NN0313',
        message: `\`${word}\` stands at file level, not inside a layer`,
        span: { start: text.indexOf(statement), end: text.indexOf(statement) + statement.length },
      },
    ]);
    expect(diagnostics[0]?.help).toBeDefined();
  });
  test('statements of the file are out of reach for its layers; constants are not', () => {
    expect(
      codes('const k = 2\nlayer f()(x) = x * k\ninput v: f32[n]\noutput y = v |> f\n'),
    ).toEqual([]);
    expect(codes('let k = 2\nlayer f()(x) = x * k\ninput v: f32[n]\noutput y = v |> f\n')).toEqual([
      'NN0301',
    ]);
  });
  test('the bare chain makes x and y, which are names like others', () => {
    const model = modelOf('dense(4, 3) |> relu\noutput twice = 2 * y\noutput first = x[:, 0]\n');
    expect(shapesOf(model)).toEqual(['y f32[batch, 3]', 'twice f32[batch, 3]', 'first f32[batch]']);
  });
  test('labels are not needed for a prediction', () => {
    const model = modelOf(
      'input x: f32[n]\ninput t: f32[n]\nparam w: f32 = 1\noutput p = w * x\nloss = mse(p, t)\n',
    );
    expect(model.inputs.map((i) => i.name)).toEqual(['x', 't']);
  });
});
