/** `nnc fmt` as its user sees it. */

import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from '../../cli/program.ts';
import { memoryTerminal } from './memory-terminal.ts';
import { createWorkplace, type Workplace } from './run-nnc.ts';

let place: Workplace;
beforeAll(() => {
  place = createWorkplace();
});
afterAll(() => place.remove());

const file = (name: string): string => path.join(place.folder, name);
const read = (name: string): string => readFileSync(file(name), 'utf8');

async function nnc(
  ...words: readonly string[]
): Promise<{ code: number; out: string; err: string }> {
  const terminal = memoryTerminal();
  const code = await runCommand(words, { env: {}, terminal, now: () => 0 });
  return { code, out: terminal.out(), err: terminal.err() };
}

test('writes what changes, says so, and leaves nothing else behind', async () => {
  place.write('a.nn', 'let x=1 # one');
  place.write('b.nn', 'let y = 2\n');
  const before = statSync(file('b.nn')).mtimeMs;
  expect(await nnc('fmt', file('a.nn'), file('b.nn'))).toEqual({
    code: 0,
    out: `formatted ${file('a.nn')}\n`,
    err: '',
  });
  expect(read('a.nn')).toBe('let x = 1  # one\n');
  expect(statSync(file('b.nn')).mtimeMs).toBe(before);
  expect(readdirSync(place.folder).toSorted()).toEqual(['a.nn', 'b.nn']);
});

test('--check lists what would change and writes nothing; --stdout prints', async () => {
  place.write('c.nn', 'let x=1');
  expect(await nnc('fmt', '--check', file('c.nn'), file('b.nn'))).toEqual({
    code: 1,
    out: `${file('c.nn')}\n`,
    err: '',
  });
  expect(await nnc('fmt', '--check', file('b.nn'))).toEqual({ code: 0, out: '', err: '' });
  expect((await nnc('fmt', '--stdout', file('c.nn'))).out).toBe('let x = 1\n');
  expect(read('c.nn')).toBe('let x=1');
});

test('a file with a syntax error stays as it is; the others are formatted', async () => {
  place.write('broken.nn', 'let x=(1');
  place.write('d.nn', 'let x=1');
  const { code, out, err } = await nnc('fmt', file('broken.nn'), file('d.nn'));
  expect(code).toBe(1);
  expect(out).toBe(`formatted ${file('d.nn')}\n`);
  expect(err).toContain('error[NN0101]: expected `)`');
  expect(err).toContain('1 file with syntax errors, left as they are');
  expect(read('broken.nn')).toBe('let x=(1');
});

test('a file that is not there, and one that may not be written, are messages', async () => {
  const gone = await nnc('fmt', file('gone.nn'));
  expect(gone.code).toBe(1);
  expect(gone.err).toMatch(/^error: there is no file /);
});
