/** `nnc explain` as its user sees it. */
import { expect, test } from 'vitest';
import { runCommand } from '../../cli/program.ts';
import { pages } from '../../grammar/catalogue/pages/index.ts';
import { memoryTerminal } from './memory-terminal.ts';

async function explain(...words: readonly string[]) {
  const terminal = memoryTerminal();
  const context = { env: {}, terminal, now: () => 0 };
  const code = await runCommand(['explain', ...words], context);
  return { code, out: terminal.out(), err: terminal.err() };
}

test('a page: text in the width of the terminal, a program with its message, the mended one', async () => {
  const { code, out, err } = await explain('NN0208');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const lines = out.split('\n');
  expect(lines[0]).toBe('NN0208: Both sides would be stretched');
  expect(Math.max(...lines.slice(0, 8).map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(out).toContain('  loss = mean((pred - y) ** 2)\n');
  expect(out).toContain(
    'error[NN0208]: subtracting these would stretch both sides\n  --> example.nn:4:14',
  );
  expect(out.trimEnd()).toMatch(
    /Mended\n\n(?: {2}.*\n)+ {2}loss = mean\(\(pred\[:, 0\] - y\) \*\* 2\)$/,
  );
});

test.each(['nn0208', '208', 'error[NN0208]', 'NN208'])('%s is understood', async (word) => {
  expect((await explain(word)).out).toMatch(/^NN0208: /);
});

test('a code that comes from outside of the file has no program', async () => {
  expect((await explain('NN0507')).out).toContain('No example: it depends on the file of weights.');
});

test('all codes, with their titles', async () => {
  const { out } = await explain();
  for (const [code, { title }] of Object.entries(pages))
    expect(out).toContain(`  ${code}  ${title}\n`);
});

test('an unknown code is a mistake on the command line, with the nearest one', async () => {
  const { code, err } = await explain('NN0298');
  expect(code).toBe(2);
  expect(err).toContain('There is no such code. Did you mean NN0208?');
});

test('--json: one page, or the list', async () => {
  expect(JSON.parse((await explain('NN0103', '--json')).out)).toMatchObject({
    code: 'NN0103',
    title: 'Comparisons in a row',
    right: 'input x: f32[n]\noutput inside = 0 < x and x < 1\n',
  });
  const list = JSON.parse((await explain('--json')).out) as readonly { code: string }[];
  expect(list.map(({ code }) => code)).toEqual(Object.keys(pages));
});
