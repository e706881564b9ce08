/**
 * Random programs of layers build the model that their text is, however they lie in their files and wherever
 * their places are known from: a layer is found again by its place, and a wrong one would share weights in silence.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';

const first = Number(process.env['NNC_FUZZ_SEED'] ?? 20261130);
/** Each is built nine times. */
const COUNT = 60;

test('programs are their text', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'nnc-programs-'));
  const script = path.join(import.meta.dirname, 'api/check-programs.ts');
  const words = ['--no-warnings', script, folder, String(first), String(COUNT)];
  const printed = execFileSync(process.execPath, words, { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  console.log(`programs, from seed ${first}: ${printed.trim().split('\n').at(-1)}`);
  expect(printed).toMatch(new RegExp(`^${COUNT} programs, \\d{2,} with a text\n$`));
});
