/** What users get wrong in a model, and exactly what they are told. */
import { expect, test } from 'vitest';
import { elaborate } from '../../compiler/elaborate/elaborate.ts';
import { parse } from '../../grammar/parse.ts';
import { lineStarts, positionAt } from '../../grammar/source.ts';
import { mistakes } from './mistakes.ts';

test('there are at least 25', () => {
  expect(mistakes.length).toBeGreaterThanOrEqual(25);
});

test.each(mistakes)('$what: $code', ({ text, code, message, at, help }) => {
  const source = { name: 'm.nn', text };
  const { file, diagnostics } = parse(source);
  const found = [...diagnostics, ...elaborate(file, { source }).diagnostics];
  const shown = found.map((one) => {
    const { line, column } = positionAt(lineStarts(text), one.span.start);
    return { code: one.code, message: one.message, at: `${line}:${column}`, help: one.help };
  });
  expect(shown).toEqual([{ code, message, at, help }]);
});
