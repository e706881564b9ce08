/** `nnc fix` as its user sees it, and the differences that it shows. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unifiedDiff } from '../../cli/line-diff.ts';
import { runCommand } from '../../cli/program.ts';
import { memoryTerminal } from './memory-terminal.ts';
import { createWorkplace, type Workplace } from './run-nnc.ts';

let place: Workplace;
beforeAll(() => {
  place = createWorkplace();
});
afterAll(() => place.remove());

const file = (name: string): string => path.join(place.folder, name);

async function fix(...words: readonly string[]) {
  const terminal = memoryTerminal();
  const code = await runCommand(['fix', ...words], { env: {}, terminal, now: () => 0 });
  return { code, out: terminal.out(), err: terminal.err() };
}

const faulty = 'input x: f32[n]\noutput y = x * .5\n';

test('mends a file and says what was done', async () => {
  place.write('a.nn', faulty);
  const { code, out } = await fix(file('a.nn'));
  expect(code).toBe(0);
  expect(out).toBe(
    `${file('a.nn')}:2: NN0003 \`.5\` lacks a digit beside its point\n${file('a.nn')}: fixed 1\n`,
  );
  expect(readFileSync(file('a.nn'), 'utf8')).toBe('input x: f32[n]\noutput y = x * 0.5\n');
  expect((await fix(file('a.nn'))).out).toBe(`${file('a.nn')}: nothing to fix\n`);
});

test('--dry-run shows the difference and writes nothing', async () => {
  place.write('b.nn', faulty);
  const { code, out } = await fix('--dry-run', file('b.nn'));
  expect(code).toBe(0);
  expect(out).toContain('-output y = x * .5\n+output y = x * 0.5\n');
  expect(out).toContain('fixed 1 (not written)');
  expect(readFileSync(file('b.nn'), 'utf8')).toBe(faulty);
});

test('what is left is shown, and ends with exit code 1', async () => {
  place.write('c.nn', `${faulty}output z = rellu(x)\n`);
  const { code, out } = await fix(file('c.nn'));
  expect(code).toBe(1);
  expect(out).toContain('error[NN0301]: there is nothing called `rellu` here');
  expect(out).toMatch(/fixed 1, 1 error left\n$/);
  expect(readFileSync(file('c.nn'), 'utf8')).toContain('x * 0.5');
});

describe('differences', () => {
  test.each([
    ['a\nb\nc\n', 'a\nb\nc\n', []],
    ['a\nb\nc\n', 'a\nB\nc\n', ['@@ -1,4 +1,4 @@', ' a', '-b', '+B', ' c', ' ']],
    ['a\nc', 'a\nb\nc', ['@@ -1,2 +1,3 @@', ' a', '+b', ' c']],
    [
      '1\n2\n3\n4\n5\n6\n7\n8\n9',
      '0\n2\n3\n4\n5\n6\n7\n8\n0',
      ['@@ -1,3 +1,3 @@', '-1', '+0', ' 2', ' 3', '@@ -7,3 +7,3 @@', ' 7', ' 8', '-9', '+0'],
    ],
  ])('%j to %j', (before, after, lines) => {
    expect(unifiedDiff('a', before, after).slice(2)).toEqual(lines);
  });
});
