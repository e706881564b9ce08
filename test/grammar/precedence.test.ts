/** Precedence and the shape of expressions, as S-expressions. */
import { describe, expect, it } from 'vitest';
import { printExpr } from '../../grammar/print-ast.ts';
import { parseText } from './marked.ts';

function expr(text: string): string {
  const { file, diagnostics } = parseText(`let y = ${text}`);
  expect(diagnostics).toEqual([]);
  const [item] = file.items;
  if (item?.kind !== 'let' || file.items.length !== 1) throw new Error('one let was expected');
  expect(item.span.end).toBe(`let y = ${text}`.length);
  return printExpr(item.value);
}

describe('operators, tight to loose', () => {
  it.each([
    ['f(a)[0].b ** 2', '(** (. (index (call f a) 0) b) 2)'],
    ['-x ** 2', '(- (** x 2))'],
    ['2 ** -x', '(** 2 (- x))'],
    ['a ** b ** c', '(** a (** b c))'],
    ['-a * b', '(* (- a) b)'],
    ['a * b / c // d % e @ f', '(@ (% (// (/ (* a b) c) d) e) f)'],
    ['a + b * c - d', '(- (+ a (* b c)) d)'],
    ['a - b - c', '(- (- a b) c)'],
    ['a + 1 < b * 2', '(< (+ a 1) (* b 2))'],
    ['not a == b', '(not (== a b))'],
    ['not not a', '(not (not a))'],
    ['a and b or c and not d', '(or (and a b) (and c (not d)))'],
    ['a or b |> f', '(|> (or a b) f)'],
    ['a + b |> relu', '(|> (+ a b) relu)'],
    [
      'cast(x, f32) / 255 |> flatten |> dense(2)',
      '(|> (|> (/ (call cast x f32) 255) flatten) (call dense 2))',
    ],
    ['if a then b else c |> f', '(if a b (|> c f))'],
    ['if a then if b then c else d else e', '(if a (if b c d) e)'],
    ['(a + b) * c', '(* (+ a b) c)'],
    ['fn(x) => x + 1', '(fn (x) (= (+ x 1)))'],
    ['a >= b', '(>= a b)'],
    ['-1e-3 - -.5e1'.replace('.5', '0.5'), '(- (- 1e-3) (- 0.5e1))'],
  ])('%s', (text, tree) => expect(expr(text)).toBe(tree));
});

describe('stages, blocks, repetition', () => {
  it.each([
    ['x |> dense(64) as h |> relu', '(|> (|> x (as (call dense 64) h)) relu)'],
    ['dense(64) as h |> relu', '(|> (as (call dense 64) h) relu)'],
    ['{ dropout(0.1) as d |> dense(8) }', '(block (|> (as (call dropout 0.1) d) (call dense 8)))'],
    ['{ _ * 2 }', '(block (* _ 2))'],
    ['residual(a) { relu }', '(trailing (call residual a) (block relu))'],
    ['residual { relu } |> f', '(|> (trailing residual (block relu)) f)'],
    ['x |> concat([_, skip], axis=-1)', '(|> x (call concat (list _ skip) (axis= (- 1))))'],
    ['repeat 12 { relu }', '(repeat 12 (block relu))'],
    ['repeat (n - 1) { relu }', '(repeat (- n 1) (block relu))'],
    ['repeat i in 0..4 { f(i) }', '(repeat i (.. 0 4) (block (call f i)))'],
    ['repeat i in (n - 1)..n { f(i) }', '(repeat i (.. (- n 1) n) (block (call f i)))'],
    ['repeat c in [64, 128] { f(c) }', '(repeat c (list 64 128) (block (call f c)))'],
    ['repeat c in cfg.sizes { f(c) }', '(repeat c (. cfg sizes) (block (call f c)))'],
    ['x |> repeat 2 { f } as blocks |> g', '(|> (|> x (as (repeat 2 (block f)) blocks)) g)'],
    [
      'fn((h, c), z) { let a = h  return (a, c) }',
      '(fn ((tuple h c) z) (let a h) (return (tuple a c)))',
    ],
    ['(h |> dense(z) as mu, h)', '(tuple (|> h (as (call dense z) mu)) h)'],
  ])('%s', (text, tree) => expect(expr(text)).toBe(tree));
});

describe('calls, lists, indices, literals', () => {
  it.each([
    ['f()', '(call f)'],
    ['f(a, b,)', '(call f a b)'],
    ['dense(in=784, units=10, if=3)', '(call dense (in= 784) (units= 10) (if= 3))'],
    ['[...b, n]', '(list ...b n)'],
    ['[]', '(list)'],
    ['(a, b)', '(tuple a b)'],
    ['x[:, 7:-7, ::2, ..., None]', '(index x (: _ _ _) (: 7 (- 7) _) (: _ _ 2) ... None)'],
    ['x[ids][:t]', '(index (index x ids) (: _ t _))'],
    ['60_000', '60_000'],
    ['"a\\n\\"\\u{3b2}"', '"a\\n\\"β"'],
    ['true and false', '(and true false)'],
    ['emb.table.T', '(. (. emb table) T)'],
    ['x\n  .T', '(. x T)'],
    ['σ(β1) + µ_2', '(+ (call σ β1) µ_2)'],
  ])('%s', (text, tree) => expect(expr(text)).toBe(tree));
});
