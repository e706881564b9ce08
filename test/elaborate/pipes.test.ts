/** The pipe (language section 2.3), by values. */
import { expect, test } from 'vitest';
import { ndArray } from '../../compiler/graph/nd-array.ts';
import { type Given, outputsOf } from './evaluate.ts';

const given: Given = { values: { x: ndArray('f32', [3], [-1, 0.5, 2]) } };
const x = 'input x: f32[3]\nfn twice(v) = 2 * v\nfn plus(v, d) = v + d\n';

const rows: readonly (readonly [string, string, readonly number[]])[] = [
  ['a fn takes the value as its first argument', 'x |> plus(10)', [9, 10.5, 12]],
  ['`_` says where the value goes', 'x |> plus(10, _)', [9, 10.5, 12]],
  ['`_` twice', 'x |> concat([_, _], axis=0) |> sum', [3]],
  ['operators bind tighter than the pipe', 'x + 1 |> relu', [0, 1.5, 3]],
  ['a block', 'x |> { _ * 3 }', [-3, 1.5, 6]],
  ['a block whose head is a stage', 'x |> { relu |> plus(1) }', [1, 1.5, 3]],
  ['a block in a block has a `_` of its own', 'x |> { plus({ _ * 3 }(_), _) }', [-4, 2, 8]],
  ['piping into a layer value composes', '(twice |> plus(1))(x)', [-1, 2, 5]],
  ['the law: (x |> f) |> g', '(x |> twice) |> plus(1)', [-1, 2, 5]],
  ['the law: x |> (f |> g)', 'x |> (twice |> plus(1))', [-1, 2, 5]],
  ['`_` in a composition is its later input', '(twice |> plus(_, _))(x)', [-4, 2, 8]],
  ['a lambda', 'x |> (fn(v) => v * v)', [1, 0.25, 4]],
  ['a trailing block', 'x |> residual { twice }', [-3, 1.5, 6]],
  ['a trailing block beside an option', 'x |> residual(shortcut=twice) { twice }', [-4, 2, 8]],
  ['repeat by a number', 'x |> repeat 3 { twice }', [-8, 4, 16]],
  ['repeat over a range', 'x |> repeat i in 1..4 { plus(i) }', [5, 6.5, 8]],
  ['repeat over a list', 'x |> repeat k in [10, 100] { plus(k) }', [109, 110.5, 112]],
  ['repeat over layers', 'x |> repeat f in [twice, relu, { _ + 1 }] { f }', [1, 2, 5]],
  ['a stage that names its tensor', '(x |> twice as h |> relu) + h', [-2, 2, 8]],
  ['a fn as an argument', 'sequential([twice, twice])(x)', [-4, 2, 8]],
];

test.each(rows)('%s: %s', (_, expression, expected) => {
  const { y } = outputsOf(`${x}output y = ${expression}\n`, given);
  expect(y).toEqual(expected);
});

test('patterns in the arguments of a lambda', () => {
  const text = `${x}let f = fn((a, b), c) { let s = a + b\n return s * c }\noutput y = f((x, 1), 2)\n`;
  expect(outputsOf(text, given)['y']).toEqual([0, 3, 6]);
});
