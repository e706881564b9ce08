/** Rows in JSON: an array, lines, plain values; which type a column gets, and the classes of texts. */
import { expect, test } from 'vitest';
import { decodeJsonRows } from '../../data/json-rows.ts';
import { utf8 } from './fixtures.ts';

function columnsOf(text: string): Record<string, unknown> {
  const { columns } = decodeJsonRows(utf8(text), 'rows.json');
  return Object.fromEntries(
    columns.map(({ name, dtype, rowShape, values }) => [
      `${name}: ${dtype}[${rowShape}]`,
      [...values],
    ]),
  );
}

test.each<[string, string, Record<string, unknown>]>([
  [
    'an array of rows',
    '[{"a": 1, "b": 0.5}, {"a": 2, "b": 1}]',
    { 'a: i32[]': [1, 2], 'b: f32[]': [0.5, 1] },
  ],
  ['a row on each line', '{"a": 1}\n\n{"a": -2}\n', { 'a: i32[]': [1, -2] }],
  [
    'columns in another order',
    '{"a": 1, "b": 2}\n{"b": 4, "a": 3}',
    { 'a: i32[]': [1, 3], 'b: i32[]': [2, 4] },
  ],
  ['a single row', '{"a": 1}', { 'a: i32[]': [1] }],
  ['over several lines', '[\n  {"a": 1},\n  {"a": 2}\n]\n', { 'a: i32[]': [1, 2] }],
  ['rows without names', '[[1, 2], [3, 4]]', { 'x: i32[2]': [1, 2, 3, 4] }],
  ['numbers without names, one row', '[1.5, 2]', { 'x: f32[2]': [1.5, 2] }],
  ['numbers on lines', '1\n2\n3\n', { 'x: i32[]': [1, 2, 3] }],
  ['lists in lists', '{"m": [[1, 2, 3], [4, 5, 6]]}', { 'm: i32[2,3]': [1, 2, 3, 4, 5, 6] }],
  ['true and false', '{"a": true}\n{"a": false}', { 'a: i32[]': [1, 0] }],
  ['whole numbers past i32', '{"a": 2147483648}', { 'a: f32[]': [2147483648] }],
  ['-0 and exponents', '{"a": 1e3}\n{"a": 2}', { 'a: i32[]': [1000, 2] }],
  ['a key like __proto__', '[{"__proto__": 1}]', { '__proto__: i32[]': [1] }],
])('%s', (_, text, columns) => {
  expect(columnsOf(text)).toEqual(columns);
});

test('texts are classes in the order of their names; known ones keep their numbers', () => {
  const text = utf8('[{"kind": ["b", "a"]}, {"kind": ["c", "b"]}]');
  const [found] = decodeJsonRows(text, 'f').columns;
  expect(found?.classes).toEqual(['a', 'b', 'c']);
  expect([...(found?.values ?? [])]).toEqual([1, 0, 2, 1]);
  const classes = { kind: ['c', 'b', 'a'] };
  expect([...(decodeJsonRows(text, 'f', { classes }).columns[0]?.values ?? [])]).toEqual([
    1, 2, 0, 1,
  ]);
  expect(() => decodeJsonRows(text, 'f', { classes: { kind: ['a', 'b'] } })).toThrow(
    'f: `kind` is "c", which is none of the 2 classes that were trained on',
  );
});

test('many columns take time that grows with them alone', () => {
  const row = JSON.stringify(
    Object.fromEntries(Array.from({ length: 30_000 }, (_, i) => [`c${i}`, i])),
  );
  const began = performance.now();
  expect(decodeJsonRows(utf8(`${row}\n${row}\n`), 'f').columns).toHaveLength(30_000);
  expect(performance.now() - began).toBeLessThan(3000);
});
