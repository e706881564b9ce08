/** `--set name=value`: constants from the command line, of the same kind as in the file. */
import { expect, test } from 'vitest';
import { setting } from '../../cli/option-values.ts';
import { elaborateText, modelOf } from './elaborate-text.ts';
import { shapesOf } from './evaluate.ts';

const text = `const depth = 2
const sizes = [4, 3]
const wide = true
const kind = "relu"
const last = 2 * depth
input x: f32[n, 5]
let h = x |> repeat c in sizes { dense(c) } |> repeat depth { relu }
output y = if wide and kind == "relu" then h |> dense(last) else h
`;
const shape = (...set: readonly string[]): string[] =>
  shapesOf(modelOf(text, { set: set.reduce((all, one) => setting(one, all), {}) }));

test('numbers, bools, strings and lists; what follows from a constant follows it', () => {
  expect(shape()).toEqual(['y f32[n, 4]']);
  expect(shape('depth=3')).toEqual(['y f32[n, 6]']);
  expect(shape('depth=3', 'last=7')).toEqual(['y f32[n, 7]']);
  expect(shape('last=7', 'depth=3')).toEqual(['y f32[n, 7]']);
  expect(shape('wide=false')).toEqual(['y f32[n, 3]']);
  expect(shape('wide=false', 'sizes=[8, 16,]')).toEqual(['y f32[n, 16]']);
  expect(shape('kind=tanh')).toEqual(['y f32[n, 3]']);
  expect(shape('kind="relu"')).toEqual(['y f32[n, 4]']);
  expect(shape('wide=false', 'sizes=[]')).toEqual(['y f32[n, 5]']);
});

test('how values are read', () => {
  expect(setting('a=[[1, 2], [-3e2]]')).toEqual({ a: [[1, 2], [-300]] });
  expect(setting('a=["x, y", z]')).toEqual({ a: ['x, y', 'z'] });
  for (const bad of ['a', 'a=', '=3', 'a=[1,,2]', 'a=[1, [2]', '3=4'])
    expect(() => setting(bad)).toThrow(/NAME=VALUE|A list/);
});

const refused: readonly (readonly [string, string, string, string | undefined])[] = [
  ['dept=3', 'NN0301', 'there is nothing called `dept` here', '--set: did you mean `depth`?'],
  [
    'h=3',
    'NN0301',
    'there is nothing called `h` here',
    '--set: its constants are `depth`, `sizes`, `wide`, `kind`, `last`',
  ],
  ['depth=deep', 'NN0314', '`depth` is "deep": it is a number in the file, 2', undefined],
  ['depth=true', 'NN0314', '`depth` is true: it is a number in the file, 2', undefined],
  ['sizes=3', 'NN0314', '`sizes` is 3: it is a list in the file, a list of 2', undefined],
  ['wide=1', 'NN0314', '`wide` is 1: it is `true` or `false` in the file, true', undefined],
  ['kind=3', 'NN0314', '`kind` is 3: it is a string in the file, "relu"', undefined],
];
test.each(refused)('--set %s', (option, code, message, help) => {
  const { diagnostics, model } = elaborateText(text, { set: setting(option) });
  expect(diagnostics).toMatchObject([{ code, message }]);
  expect(diagnostics[0]?.help).toBe(help);
  expect(model).toBeUndefined();
});

test('a number that cannot be meant is refused where it is used', () => {
  const { diagnostics } = elaborateText(text, { set: setting('depth=2.5') });
  expect(diagnostics[0]).toMatchObject({
    code: 'NN0410',
    help: 'it is a whole number of at least 0, not 2.5',
  });
});

test('a file without constants', () => {
  const { diagnostics } = elaborateText('input x: f32[n]\noutput y = x\n', { set: { a: 1 } });
  expect(diagnostics).toMatchObject([{ code: 'NN0301', help: '--set: this file has no `const`' }]);
});
