/** Recovery: several mistakes in one file are each reported once, and the rest of it survives. */
import { describe, expect, it } from 'vitest';
import { printAst } from '../../grammar/print-ast.ts';
import { parseText } from './marked.ts';

/** The codes with their lines, and the tree that is left. */
function outcome(text: string): { errors: readonly string[]; tree: readonly string[] } {
  const { file, diagnostics } = parseText(text);
  const lineOf = (offset: number): number => text.slice(0, offset).split('\n').length;
  return {
    errors: diagnostics.map((d) => `${lineOf(d.span.start)} ${d.code}`),
    tree: printAst(file).trimEnd().split('\n'),
  };
}

describe('independent mistakes', () => {
  it('three in one file leave every statement', () => {
    const text = [
      'let a = dense(784, 100 |> relu',
      'let b = a |>',
      'let c = relu(',
      'let d = c',
    ].join('\n');
    const { errors, tree } = outcome(text);
    expect(errors).toEqual(['2 NN0101', '3 NN0101', '4 NN0101']);
    expect(tree).toEqual([
      '(let a <missing>)',
      '(let b (|> a <missing>))',
      '(let c <missing>)',
      '(let d c)',
    ]);
  });

  it('of every kind in one file', () => {
    const text = [
      'input x: float32[n, 3]',
      'param W: f32[3, 2]',
      'y = x @ W',
      'let z = y |> relu + 1',
      'let p = 0 < z < 1',
      'let q = 5.',
      'def f(x):',
      '    return x',
      'loss = mse(z q)',
      'output w = "abc',
      'metric m = z',
    ].join('\n');
    const { errors, tree } = outcome(text);
    expect(errors).toEqual([
      '1 NN0106',
      '2 NN0102',
      '3 NN0110',
      '4 NN0104',
      '5 NN0103',
      '6 NN0003',
      '7 NN0107',
      '9 NN0101',
      '10 NN0002',
    ]);
    expect(tree).toEqual([
      '(input x (f32 n 3))',
      '(param W (: (f32 3 2)) <missing>)',
      '(let y (@ x W))',
      '(let z <missing>)',
      '(let p (and (< 0 z) (< z 1)))',
      '(let q 5.)',
      '(const f <missing>)',
      '(loss <missing>)',
      '(output w "abc")',
      '(metric m z)',
    ]);
  });

  it('two in the arguments of one call', () => {
    const { errors, tree } = outcome('let y = f(a b, c d)\nlet z = y');
    expect(errors).toEqual(['1 NN0101', '1 NN0101']);
    expect(tree).toEqual(['(let y <missing>)', '(let z y)']);
  });

  it('two in the body of one layer', () => {
    const text = [
      'layer f(n)(x) {',
      '  let y = x |>',
      '  let z = g(y,, 2)',
      '  return y + z',
      '}',
      'input t: f32[3]',
    ].join('\n');
    const { errors, tree } = outcome(text);
    expect(errors).toEqual(['3 NN0101', '3 NN0101']);
    expect(tree).toEqual([
      '(layer f (n) (x) (let y (|> x <missing>)) (let z (call g y <missing> 2)) (return (+ y z)))',
      '(input t (f32 3))',
    ]);
  });
});

describe('one cause is one report', () => {
  it.each([
    [
      'a soft keyword after a broken line',
      'loss = (1 +\noutput y = b',
      ['(loss <missing>)', '(output y b)'],
    ],
    [
      'an unclosed body, with the statements behind it kept outside',
      'layer f()(x) {\n  let y = x\n  return y\ninput z: f32[3]\nfn g(x) = x',
      ['(layer f () (x) (let y x) (return y))', '(input z (f32 3))', '(fn g (x) (= x))'],
    ],
    [
      'a body that was not opened',
      'layer f()(x)\n  let y = x\n  return y\n}\ninput z: f32[3]',
      ['(layer f () (x) (let y x) (return y))', '(input z (f32 3))'],
    ],
    [
      'an unclosed parameter list',
      'layer f(a: dim(x) {\n  let y = x\n  return y\n}\ninput z: f32[3]',
      ['(const f <missing>)', '(let y x)', '(return y)', '(input z (f32 3))'],
    ],
    [
      'an unclosed value in a section',
      'train {\n  optimizer: sgd(lr=0.1\n  epochs: 3\n}\nlet z = 1',
      ['(train (optimizer: <missing>) (epochs: 3))', '(let z 1)'],
    ],
    [
      'a name with its type and nothing else',
      'x: f32[3]\nlet z = x',
      ['(let x <missing>)', '(let z x)'],
    ],
    ['a closer too many', 'let y = f(a))\nlet z = 1', ['(let y (call f a))', '(let z 1)']],
    ['the wrong closer', 'let y = f([a, b), 2)\nlet z = 1', undefined],
    [
      'a character without meaning',
      'let y = f($, 2)\nlet z = 1',
      ['(let y (call f <missing> 2))', '(let z 1)'],
    ],
    [
      'a string that is not closed',
      'let y = einsum("a b, x)\nlet z = 1',
      ['(let y <missing>)', '(let z 1)'],
    ],
    [
      'a Python class',
      'class Net(nn.Module):\n    def __init__(self):\n        self.fc = nn.Linear(784, 10)\n\nlet z = 1',
      ['(const Net <missing>)', '(let z 1)'],
    ],
    ['a word where a name must be', 'let return = 3\nlet z = 1', undefined],
    [
      'statements in a block',
      'let y = x |> residual { let h = relu(_)  return h }\nlet z = 1',
      undefined,
    ],
    ['half a declaration', 'fn f(x)\nlet z = 1', ['(const f <missing>)', '(let z 1)']],
    [
      'half an input, whose name stays known',
      'input x:\nlet z = x',
      ['(let x <missing>)', '(let z x)'],
    ],
  ] as const)('%s', (_, text, tree) => {
    const { diagnostics } = parseText(text);
    expect(diagnostics).toHaveLength(1);
    if (tree !== undefined) expect(outcome(text).tree).toEqual(tree);
    else expect(outcome(text).tree.at(-1)).toBe('(let z 1)');
  });
});

it('says nothing twice at one place', () => {
  const places = parseText('r = layer').diagnostics.map(
    ({ code, span }) => `${code} ${span.start}`,
  );
  expect(places).toEqual(['NN0110 0', 'NN0101 4', 'NN0101 9']);
});

describe('what is read in the place of a mistake', () => {
  it.each([
    [
      'a dropped pipe',
      'dense(2, 3) |> relu\ndense(4) |> softmax',
      '(chain (|> (|> (|> (call dense 2 3) relu) (call dense 4)) softmax))',
    ],
    ['a dropped pipe in a let', 'let y = x\nrelu as h', '(let y (|> x (as relu h)))'],
    ['lambda', 'let f = lambda x, y: x + y', '(let f (fn (x y) (= (+ x y))))'],
    ['a if c else b', 'let y = a if c else b', '(let y (if c a b))'],
    ['&&', 'let y = a && b', '(let y (and a b))'],
    ['!', 'let y = !b', '(let y (not b))'],
    ['def with our body', 'def f(x) = x', '(fn f (x) (= x))'],
    ['a dropped return', 'fn f(x) { x * 2 }', '(fn f (x) (return (* x 2)))'],
    ['64 bits', 'let y = cast(x, f64)', '(let y (call cast x f32))'],
    ['an import of Python', 'import numpy as np', '(const np <missing>)'],
    ['an import without a name', 'import "a.nn"\nlet z = 1', '(let z 1)'],
  ])('%s', (_, text, tree) => {
    expect(outcome(text).tree).toEqual([tree]);
    expect(outcome(text).errors).toHaveLength(1);
  });
});
