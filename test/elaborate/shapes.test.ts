/** Shapes: symbols, unification, one-sided broadcasting, slices, guards. */
import { describe, expect, test } from 'vitest';
import { modelOf } from './elaborate-text.ts';
import { shapesOf } from './evaluate.ts';

const types: readonly (readonly [string, string, string])[] = [
  ['n, 4', 'x[:, None, :]', '[n, 1, 4]'],
  ['n, 4', 'x[..., 1:]', '[n, 3]'],
  ['n, 4', 'x[:, -1]', '[n]'],
  ['n, 4', 'x[:, ::2]', '[n, 2]'],
  ['n, 4', 'x[:, ::-1]', '[n, 4]'],
  ['n, 4', 'x[1:-1]', '[n-2, 4]'],
  ['n, 4', 'x[0]', '[4]'],
  ['n, 5', 'x[:, 4:0:-2]', '[n, 2]'],
  ['n, 28, 28', 'reshape(x, [n, -1])', '[n, 784]'],
  ['n, 28, 28', 'reshape(x, [-1, 7])', '[112*n, 7]'],
  ['n, 28, 28', 'flatten(x)', '[n, 784]'],
  ['n, 2, 3', 'x.T', '[n, 3, 2]'],
  ['n, 2, 3', 'transpose(x, [2, 0, 1])', '[3, n, 2]'],
  ['n, 2, 3', 'mean(x, axis=[1, 2])', '[n]'],
  ['n, 2, 3', 'mean(x, keep=-1)', '[3]'],
  ['n, 2, 3', 'sum(x, axis=n)', '[2, 3]'],
  ['n, 2, 3', 'max(x, axis=-1, keepdims=true)', '[n, 2, 1]'],
  ['n, 4', 'concat([x, x[:, :2]], axis=-1)', '[n, 6]'],
  ['n, 4', 'stack([x, x])', '[2, n, 4]'],
  ['n, 4', 'stack([x, x], axis=-1)', '[n, 4, 2]'],
  ['n, 4', 'split(x, 2, axis=-1)[1]', '[n, 2]'],
  ['n, 4', 'split(x, [1, 3], axis=-1)[1]', '[n, 3]'],
  ['n, 4', 'x + x[0]', '[n, 4]'],
  ['n, 4', 'x * mean(x, axis=1, keepdims=true)', '[n, 4]'],
  ['n, 4', 'x[:, 0][:, None] - x[:, 1][None, :]', '[n, n]'],
  ['n, 4', 'x @ x.T', '[n, n]'],
  ['n, 4', 'x[:, None, :] @ x[0][:, None]', '[n, 1, 1]'],
  ['n, 4', 'broadcast_to(x[:, :1], [n, 7])', '[n, 7]'],
  ['n, 4', 'pad(x, [[0, 0], [1, 2]])', '[n, 7]'],
  ['n, 4', 'cumsum(x, axis=1)', '[n, 4]'],
  ['n, 4', 'tensordot(x, x.T, axes=1)', '[n, n]'],
  ['n, 4', 'tensordot(x, x, axes=[[0], [0]])', '[4, 4]'],
  ['n, 4', 'zeros([2 * n, size(x, 1)])', '[2*n, 4]'],
  ['n, 4', 'squeeze(x[:, :1], -1)', '[n]'],
  ['n, 4', 'squeeze(x[:1, :1], [0, 1])', '[]'],
  ['n, 4', 'flip(x, axis=[0, 1])', '[n, 4]'],
  ['n, 4', 'roll(x, 1, axis=0)', '[n, 4]'],
  ['n, 4', 'roll(x, [-1, 5], axis=[0, 1])', '[n, 4]'],
  ['n, 4', 'tile(x, [2, 3])', '[2*n, 12]'],
  ['n, 4', 'tile(x, [2, 1, 1])', '[2, n, 4]'],
  ['n, 4', 'repeat_interleave(x, 3, axis=0)', '[3*n, 4]'],
  ['n, 4', 'pad(x, [[2, 1], [0, 3]], mode="reflect")', '[n+3, 7]'],
  ['n, 4', 'pad(x, [[n, 0], [1, 1]], mode="wrap")', '[2*n, 6]'],
  ['n, n', 'diagonal(x)', '[n]'],
  ['n, 3, 5', 'diagonal(x, offset=3)', '[n, 2]'],
  ['n, 3, 5', 'trace(x)', '[n]'],
  ['n, 4', 'diag(x[:, 0])', '[n, n]'],
  ['n, 4', 'tril(x)', '[n, 4]'],
  ['n, 4', 'eye(n) @ x', '[n, 4]'],
  ['n, 4', 'outer(x[:, 0], x[0])', '[n, 4]'],
  ['n, 4', 'norm(x, axis=-1)', '[n]'],
  ['n, 4', 'std(x, axis=0, ddof=1)', '[4]'],
  ['n, 4', 'cummax(x, axis=0, reverse=true)', '[n, 4]'],
];
test.each(types)('x: f32[%s], %s', (type, expression, expected) => {
  const model = modelOf(`input x: f32[${type}]\noutput y = ${expression}\n`);
  expect(shapesOf(model)).toEqual([`y f32${expected}`]);
});

describe('sizes in signatures', () => {
  test('are solved where they are linear', () => {
    const model = modelOf(
      'layer half()(x: float[n, 2 * k]) = reshape(x, [n, 2, k])\ninput x: f32[b, 6]\noutput y = x |> half\n',
    );
    expect(shapesOf(model)).toEqual(['y f32[b, 2, 3]']);
  });
  test('use constants of the file as they are', () => {
    const text = 'const d = 6\nfn f(x: float[n, d]) = x\ninput x: f32[b, 6]\noutput y = f(x)\n';
    expect(shapesOf(modelOf(text))).toEqual(['y f32[b, 6]']);
  });
  test('never collide with the sizes of inputs', () => {
    const text = 'fn f(x: float[n, m]) = reshape(x, [m, n])\ninput x: f32[m, 5]\noutput y = f(x)\n';
    expect(shapesOf(modelOf(text))).toEqual(['y f32[5, m]']);
  });
  test('a rest may be named and splatted', () => {
    const text =
      'fn f(x: float[...b, c]) = zeros([...b, 2 * c])\ninput x: f32[n, 3, 5]\noutput y = f(x)\n';
    expect(shapesOf(modelOf(text))).toEqual(['y f32[n, 3, 10]']);
  });
  test('the sizes of a tensor can be taken apart', () => {
    const text =
      'input x: f32[n, 3, 5]\nlet [b, t, d] = shape(x)\noutput y = reshape(x, [b * t, d]) / sqrt(d)\n';
    expect(shapesOf(modelOf(text))).toEqual(['y f32[3*n, 5]']);
  });
});

describe('the bare chain', () => {
  test('takes its width from a layer that says it, however late', () => {
    expect(shapesOf(modelOf('relu |> dense(784, 10)\n'))).toEqual(['y f32[batch, 10]']);
    const [x] = modelOf('relu |> residual { dense(5) |> dense(5, 30) } |> softmax\n').inputs;
    expect(x?.shape[1]).toBe(30);
  });
});

describe('guards', () => {
  const guards = (text: string): string[] => modelOf(text).guards.map((g) => g.text);
  test('come from facts, slices and splits, once each', () => {
    expect(
      guards(
        'dim t <= 256, t % 8\ninput x: f32[b, t]\nparam w: f32[256] = 0\noutput y = x + w[:t]\noutput z = split(x, 2, axis=1)[0]\n',
      ),
    ).toEqual(['t <= 256 (test.nn:4)', 't % 2 == 0 (test.nn:5)', 'dim t % 8 (test.nn:1)']);
  });
  test('come from functions of shapes', () => {
    const text =
      'input x: f32[n, 4]\noutput a = pad(x, [[2, 1], [0, 0]], mode="reflect")\noutput b = roll(x, -5, axis=0)\noutput c = var(x, axis=0, ddof=3)\n';
    expect(guards(text)).toEqual([
      '3 <= n (test.nn:2)',
      '2 <= n (test.nn:2)',
      '5 <= n (test.nn:3)',
      '4 <= n (test.nn:4)',
    ]);
  });
  test('are not noted where the sizes decide', () => {
    expect(guards('input x: f32[b, 8]\noutput y = x[:, 1:-1]\noutput z = x[0]\n')).toEqual([]);
  });
  test('hold their sizes for the binder', () => {
    const [guard] = modelOf('input x: f32[b, t]\noutput y = x[:, 7:-7]\n').guards;
    expect(guard?.text).toBe('15 <= t (test.nn:2)');
  });
});
