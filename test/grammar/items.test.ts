/** Declarations, statements and sections; soft keywords, newlines, docs, spans. */
import { describe, expect, it } from 'vitest';
import { printAst } from '../../grammar/print-ast.ts';
import { parseText } from './marked.ts';

function tree(text: string): string {
  const { file, diagnostics } = parseText(text);
  expect(diagnostics).toEqual([]);
  return printAst(file).trimEnd();
}

describe('items', () => {
  it.each([
    ['nn 0.1\nlet y = 1', '(nn 0.1)\n(let y 1)'],
    ['import "resnet.nn" as resnet', '(import "resnet.nn" as resnet)'],
    ['import mha, block from "./attention.nn"', '(import "./attention.nn" mha block)'],
    ['const d = 384', '(const d 384)'],
    ['dim t <= ctx, u % 8, v', '(dim (<= t ctx) (% u 8) v)'],
    ['layer mlp(d) = dense(4 * d) |> gelu', '(layer mlp (d) (= (|> (call dense (* 4 d)) gelu)))'],
    [
      'layer f(in?: dim, n = 1, g: fn = he)(x: float[..., in]) -> float[...b, n + 1] { return x }',
      '(layer f\n  ((in? (: dim)) (n = 1) (g (: fn) = he))\n  ((x (: (float ... in))))\n  (-> (float ...b (+ n 1)))\n  (return x))',
    ],
    ['fn ste(x) = round(x) vjp (y, dy) => dy', '(fn ste (x) (= (call round x)) (vjp (y dy) dy))'],
    ['fn f() { return 1 }', '(fn f () (return 1))'],
    ['policy { params: f32, compute: f16 }', '(policy (params: f32) (compute: f16))'],
    [
      'train critic { minimize: d_loss, params: D  every: 5 }',
      '(train critic (minimize: d_loss) (params: D) (every: 5))',
    ],
    [
      'train { columns: {X: "pixels", target: "label"}  limit: 500 }',
      '(train (columns: (X: "pixels") (target: "label")) (limit: 500))',
    ],
    ['let (a, [b, c]) = f(x)', '(let (tuple a (list b c)) (call f x))'],
    ['let v: f32[6] = [1]', '(let v (: (f32 6)) (list 1))'],
    ['state mu: f32[c] = 0', '(state mu (: (f32 c)) 0)'],
    ['state m = zeros_like(p)', '(state m (call zeros_like p))'],
    ['update mu = m', '(update mu m)'],
    ['output a, b', '(output a b)'],
    ['output y = x', '(output y x)'],
    ['loss = a\nloss kl = b', '(loss a)\n(loss kl b)'],
    ['metric acc = m', '(metric acc m)'],
    ['expect a == 1 and b', '(expect (and (== a 1) b))'],
    ['let a = 1; let b = 2;', '(let a 1)\n(let b 2)'],
    [
      'const k = 2\nlayer f(d) = relu\ndense(k) |> f(1)\nlet z = y',
      '(const k 2)\n(layer f (d) (= relu))\n(chain (|> (call dense k) (call f 1)))\n(let z y)',
    ],
    ['repeat 2 { dense(4) }', '(chain (repeat 2 (block (call dense 4))))'],
    ['', ''],
    ['# nothing\n', ''],
  ])('%s', (text, printed) => expect(tree(text)).toBe(printed));
});

describe('soft keywords are names too', () => {
  it.each([
    ['let input = 1\nlet output = input', '(let input 1)\n(let output input)'],
    ['let y = x + state\nupdate state = y', '(let y (+ x state))\n(update state y)'],
    [
      'param state: f32 = 1\nstate param: f32 = 2',
      '(param state (: f32) 1)\n(state param (: f32) 2)',
    ],
    ['input in: f32[n]\nlet y = in', '(input in (f32 n))\n(let y in)'],
    [
      'loss loss = loss(a, b)\nmetric metric = loss',
      '(loss loss (call loss a b))\n(metric metric loss)',
    ],
    ['let y = x |> f as update\nlet z = update', '(let y (|> x (as f update)))\n(let z update)'],
    ['let y = f(loss=3, in=4)', '(let y (call f (loss= 3) (in= 4)))'],
    ['output loss\nmetric m = loss', '(output loss)\n(metric m loss)'],
    ['loss |> relu', '(chain (|> loss relu))'],
    ['repeat 2 { input }\nlet z = 1', '(chain (repeat 2 (block input)))\n(let z 1)'],
    ['import update, state from "f.nn"\nlet as = 1', '(import "f.nn" update state)\n(let as 1)'],
    ['let y = from + vjp(nn) - in', '(let y (- (+ from (call vjp nn)) in))'],
    [
      'train { params: state  loss: update  dim: in }',
      '(train (params: state) (loss: update) (dim: in))',
    ],
    [
      'layer f(x) { state a = zeros_like(x)  let b = a + 1  update a = b  return x }',
      '(layer f (x) (state a (call zeros_like x)) (let b (+ a 1)) (update a b) (return x))',
    ],
  ])('%s', (text, printed) => expect(tree(text)).toBe(printed));
});

describe('newlines', () => {
  it.each([
    ['let y = x\n  |> f\n  |> g', '(let y (|> (|> x f) g))'],
    ['let y = a\n  + b', '(let y (+ a b))'],
    ['let y = f(\n  a,\n  b\n)', '(let y (call f a b))'],
    ['let y =\n  if a\n  then b\n  else c', '(let y (if a b c))'],
    ['let y = x |> f\n  as h', '(let y (|> x (as f h)))'],
    ['let y = a\r\nlet z = b\rlet w = c', '(let y a)\n(let z b)\n(let w c)'],
  ])('%s', (text, printed) => expect(tree(text)).toBe(printed));

  it.each(['(', '[', '{'])('a `%s` on a new line continues nothing', (sign) => {
    const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
    const { file, diagnostics } = parseText(`let y = x\n${sign}a${closers[sign]}\nlet z = 1`);
    expect(diagnostics.map((d) => d.code)).toEqual(['NN0101']);
    expect(printAst(file)).toBe('(let y x)\n(let z 1)\n');
  });
});

describe('documentation', () => {
  it('belongs to the declaration below it', () => {
    const text =
      '## A layer.\n## Two lines.\nlayer f(d) = relu\n\n## Far away.\n\nconst k = 1 ## behind\n## Weights.\nparam w: f32 = 1';
    const { file } = parseText(text);
    const docs = file.items.map((item) => ('doc' in item ? item.doc : undefined));
    expect(docs).toEqual(['A layer.\nTwo lines.', undefined, 'Weights.']);
  });
});

describe('spans', () => {
  it('cover the words of a node', () => {
    const text = 'let y: f32[n] = x |> dense(10) as h\noutput z = -y[:, 1] ** 2';
    const { file } = parseText(text);
    const [first, second] = file.items;
    if (first?.kind !== 'let' || second?.kind !== 'output') throw new Error('let, output');
    const words = (span: { start: number; end: number }): string =>
      text.slice(span.start, span.end);
    expect(words(first.span)).toBe('let y: f32[n] = x |> dense(10) as h');
    if (first.value.kind !== 'pipe' || first.type === undefined) throw new Error('pipe');
    expect(words(first.type.span)).toBe('f32[n]');
    expect(words(first.value.span)).toBe('x |> dense(10) as h');
    expect(words(first.value.opSpan)).toBe('|>');
    expect(words(first.value.stage.span)).toBe('dense(10) as h');
    expect(words(first.value.stage.value.span)).toBe('dense(10)');
    if (second.value?.kind !== 'unary' || second.value.value.kind !== 'binary')
      throw new Error('-');
    expect(words(second.value.span)).toBe('-y[:, 1] ** 2');
    expect(words(second.value.value.left.span)).toBe('y[:, 1]');
    expect(words(second.value.value.opSpan)).toBe('**');
  });
});
