/** Texts with thousands of mistakes, and lines of thousands of characters: what a person gets to see of them. */
import { expect, test } from 'vitest';
import { parse } from '../../grammar/parse.ts';
import { errorLimit } from '../../grammar/parser/rules.ts';
import { render, renderFirst } from '../../grammar/render.ts';
import { elaborateText } from '../elaborate/elaborate-text.ts';

const lines = (n: number, line: (i: number) => string): string =>
  Array.from({ length: n }, (_, i) => line(i)).join('\n');

test('twenty are shown and the others counted; near names are looked for at the first hundred', () => {
  const text = `input x: f32[n]\n${lines(5000, (i) => `let a${i} = relv(x) + b${i}`)}\noutput y = x\n`;
  const { diagnostics } = elaborateText(text);
  expect(diagnostics).toHaveLength(10_000);
  const suggested = diagnostics.filter((d) => d.help === 'did you mean `relu`?');
  expect(suggested).toHaveLength(50);
  const shown = renderFirst(diagnostics, (name) => ({ name, text }));
  expect(shown.match(/^error/gm)).toHaveLength(20);
  expect(shown.split('\n').at(-1)).toBe('and 9,980 more');
});

test('where not all are shown, warnings are left out first', () => {
  const at = (severity: 'error' | 'warning', start: number) => ({
    ...{ code: 'NN0000', severity, message: severity, file: 'a.nn', notes: [] },
    span: { start, end: start + 1 },
  });
  const many = [
    ...Array.from({ length: 19 }, (_, i) => at('warning', i)),
    ...[at('error', 30), at('error', 31)],
  ];
  const shown = renderFirst(many, (name) => ({ name, text: ' '.repeat(40) }));
  expect(shown.match(/^(error|warning)/gm)).toEqual([
    ...Array.from({ length: 18 }, () => 'warning'),
    ...['error', 'error'],
  ]);
  expect(shown).toMatch(/and 1 more$/);
});

test('the parser gives up after so many errors, and says those', () => {
  const { diagnostics } = parse({ name: 'a.nn', text: lines(3000, () => 'let f(x = ) y') });
  expect(diagnostics.length).toBeGreaterThan(10);
  expect(diagnostics.every((d) => d.code !== 'NN0111')).toBe(true);
  expect(errorLimit).toBe(200);
});

test('a long line is cut around the place', () => {
  const text = `let s = [${'1, '.repeat(5000)}foo, ${'2, '.repeat(5000)}3]`;
  const start = text.indexOf('foo');
  const frame = render(
    {
      ...{ code: 'NN0301', severity: 'error', message: 'm', file: 'a.nn' },
      ...{ span: { start, end: start + 3 }, label: 'here' },
      notes: [
        { message: 'the first', file: 'a.nn', span: { start: 4, end: 5 } },
        { message: 'the end', file: 'a.nn', span: { start: text.length - 1, end: text.length } },
      ],
    },
    (name) => ({ name, text }),
  ).split('\n');
  expect(Math.max(...frame.map((line) => line.length))).toBeLessThan(200);
  const source = frame[3] ?? '';
  expect(source).toMatch(/^ 1 \| …1, 1,.* foo, 2, .*2,…$/);
  expect((frame[4] ?? '').indexOf('^^^')).toBe(source.indexOf('foo'));
});

test('characters outside of the basic plane do not move the mark', () => {
  const text = `let s = ["${'😀'.repeat(300)}", foo]`;
  const start = text.indexOf('foo');
  const [, , , source = '', marks = ''] = render(
    {
      ...{ code: 'NN0301', severity: 'error', message: 'm', file: 'a.nn', notes: [] },
      span: { start, end: start + 3 },
    },
    (name) => ({ name, text }),
  ).split('\n');
  expect([...marks].indexOf('^')).toBe([...source].indexOf('f'));
});
