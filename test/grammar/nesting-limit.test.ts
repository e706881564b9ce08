/** Nesting has a limit (NN0111), so no source can exhaust the stack. */
import { expect, it } from 'vitest';
import { parseText } from './marked.ts';

it.each([
  ['brackets', `let y = ${'('.repeat(500)}1${')'.repeat(500)}`],
  ['prefixes', `let y = ${'-'.repeat(5000)}1`],
  ['sums', `let y = ${'a + '.repeat(5000)}a`],
  ['stages', `let y = x${' |> f'.repeat(5000)}`],
  ['calls', `let y = f${'(1)'.repeat(5000)}`],
  ['comparisons', `let y = ${'a < '.repeat(5000)}a`],
])('%s without end are reported once and the next line survives', (_, text) => {
  const { file, diagnostics } = parseText(`${text}\nlet z = 2`);
  expect(diagnostics.map((d) => d.code)).toEqual(['NN0111']);
  expect(file.items.at(-1)).toMatchObject({ kind: 'let', value: { kind: 'number', value: 2 } });
});

it('a chain of ifs without end is reported for the whole file', () => {
  const { diagnostics } = parseText(`let y = ${'if a then b else '.repeat(20_000)}c`);
  expect(diagnostics.map((d) => d.code)).toEqual(['NN0111']);
});
