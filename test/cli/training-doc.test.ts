/** docs/training.md against the command: every option that it names exists, every option and key of training is in it. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runCommand } from '../../cli/program.ts';
import { memoryTerminal } from './memory-terminal.ts';
import { projectFolder } from './run-nnc.ts';

const page = readFileSync(`${projectFolder}docs/training.md`, 'utf8');
const flagsIn = (text: string): ReadonlySet<string> =>
  new Set(text.match(/(?<![\w-])--[a-z][a-z-]*/g));

async function optionsOf(...command: readonly string[]): Promise<ReadonlySet<string>> {
  const terminal = memoryTerminal();
  await runCommand([...command, '--help'], { env: {}, terminal, now: () => 0 });
  const lines = terminal.out().match(/^ {2}(?:-\w, )?--[a-z-]+/gm) ?? [];
  return flagsIn(lines.join(' '));
}

test('every option that the page names is one of the commands', async () => {
  const commands = [['train'], ['eval'], ['predict'], ['data', 'show']];
  const known = await Promise.all(commands.map((command) => optionsOf(...command)));
  const all = new Set(known.flatMap((one) => [...one]));
  expect([...flagsIn(page)].filter((flag) => !all.has(flag))).toEqual([]);
});

test.each(['train', 'eval', 'predict'])('the page has every option of nnc %s', async (command) => {
  const named = [...(await optionsOf(command))].filter((flag) => flag !== '--help');
  // The page calls it -o.
  const written = new Set([...flagsIn(page), '--output']);
  expect(named.filter((flag) => !written.has(flag))).toEqual([]);
});

test('the page has every key of the reference', () => {
  const reference = readFileSync(`${projectFolder}docs/language.md`, 'utf8');
  const [, keys = ''] = /semantics of the model: `([a-z_ ]+)`/.exec(reference) ?? [];
  const rows = page.match(/^\| `[^|]*/gm)?.join(' ') ?? '';
  expect(keys.split(' ').filter((key) => !new RegExp(`\\b${key}\\b`).test(rows))).toEqual([]);
  expect(keys).toContain('optimizer');
});
