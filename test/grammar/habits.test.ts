/** Habits of other frameworks that have one clear translation: sizes in parentheses or left open, assignments to a param. */
import { expect, test } from 'vitest';
import { elaborateText } from '../elaborate/elaborate-text.ts';

const named = 'a size that the data decide has a name: `f32[batch, 4]`';
const rows: readonly (readonly [string, string, string, string | undefined])[] = [
  [
    'input x: f32«(batch, 4)»\n',
    'NN0101',
    'sizes stand in brackets: `f32[batch, 4]`',
    '[batch, 4]',
  ],
  ['let x: f32«(4)» = 0\n', 'NN0101', 'sizes stand in brackets: `f32[4]`', '[4]'],
  ['input x: f32[«None», 4]\n', 'NN0107', named, undefined],
  ['input x: f32[«?», 4]\n', 'NN0101', named, undefined],
  ['input x: f32[«-1», 4]\n', 'NN0313', named, undefined],
  [
    'param w: f32 = 1\n«w» = w - 1\n',
    'NN0110',
    'the next value of a param or state is `update w = w - 1`',
    'update ',
  ],
  [
    'layer f()(x) {\n  state s: f32 = 0\n  «s» = s + 1\n  return x\n}\n',
    'NN0110',
    'the next value of a param or state is `update s = s + 1`',
    'update ',
  ],
  [
    'param w: f32 = 1\n«w» -= 0.1\n',
    'NN0311',
    'the next value of a param or state is `update w = w - 0.1`',
    undefined,
  ],
  ['param weight: f32 = 1\n«w» = 3\n', 'NN0110', 'did you mean `let w = ...`?', 'let '],
];

const errors = (text: string) =>
  elaborateText(text).diagnostics.filter((d) => d.severity === 'error');

test.each(rows)('%s', (marked, code, help, fix) => {
  const text = marked.replace(/[«»]/g, '');
  const start = marked.indexOf('«');
  const end = marked.indexOf('»') - 1;
  const diagnostics = errors(text);
  expect(diagnostics.map((d) => d.code)).toEqual([code]);
  const [d] = diagnostics;
  expect(d?.help).toBe(help);
  expect(d?.fix?.text).toBe(fix);
  expect(d?.span.start).toBe(start);
  if (d?.fix === undefined) return;
  const mended = text.slice(0, d.fix.span.start) + d.fix.text + text.slice(d.fix.span.end);
  expect(errors(mended)).toEqual([]);
  expect(d.span.end).toBeLessThanOrEqual(end);
});
