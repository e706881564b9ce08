/** docs/shipping.md is true: its commands are run, and its programs by Node itself with what they wrote. Its page is in test/browser/module.test.ts. */
import { execFile } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from '../../cli/program.ts';
import { decodeSafetensors } from '../../data/index.ts';
import { checkTypes } from '../emit/check-types.ts';
import { memoryTerminal } from './memory-terminal.ts';
import { createWorkplace, projectFolder, type Ran, type Workplace } from './run-nnc.ts';

const page = readFileSync(`${projectFolder}docs/shipping.md`, 'utf8');
const blocks = (language: string): readonly string[] =>
  [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, kind, body = '']) =>
    kind === language ? [body] : [],
  );
const commands = blocks('sh').flatMap((block) => block.trim().split('\n'));

const home = process.cwd();
let place: Workplace;
const written = (name: string): string => path.join(place.folder, name);
beforeAll(() => {
  place = createWorkplace();
  symlinkSync(`${projectFolder}models`, written('models'));
  symlinkSync(path.join(projectFolder, 'node_modules'), written('node_modules'));
  process.chdir(place.folder);
});
afterAll(() => {
  process.chdir(home);
  place.remove();
});

async function nnc(words: readonly string[]): Promise<string> {
  const terminal = memoryTerminal();
  const code = await runCommand(words, { env: process.env, terminal, now: () => 0 });
  expect([words.join(' '), code, code === 0 ? '' : terminal.err()]).toEqual([
    words.join(' '),
    0,
    '',
  ]);
  return terminal.out();
}

/** As a user starts it; the tests' own driver is the one that `webgpu` finds. */
function node(file: string): Promise<Ran> {
  const preload = pathToFileURL(`${projectFolder}test/emit/use-driver.ts`).href;
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['--import', preload, file],
      { cwd: place.folder, timeout: 60_000 },
      (_, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

const programs = blocks('ts').map((text) => ({
  name: /^\/\/ (\S+\.ts)\n/.exec(text)?.[1] ?? '',
  text,
}));

test('every command of the page works', async () => {
  expect(commands.length).toBeGreaterThan(4);
  for (const command of commands) {
    const [name, ...words] = command.split(' ');
    expect(name).toBe('nnc');
    // One round over a few rows shows as much.
    const short = words[0] === 'train' ? ['--epochs', '1', '--limit', '64'] : [];
    await nnc([...words, ...short]);
  }
  expect(readFileSync(written('mlp.dot'), 'utf8')).toMatch(/^digraph "mlp" \{/);
});

test('the programs of the page have no type errors', () => {
  expect(programs.map(({ name }) => name)).toEqual(['classify.ts', 'learn-digits.ts']);
  for (const { text } of programs) {
    const [, module = ''] = /from '\.\/(\w+\.ts)'/.exec(text) ?? [];
    const problems = checkTypes(readFileSync(written(module), 'utf8'), text, module);
    // There is neither Node nor npm in the checker's file system.
    expect(problems.filter((one) => !/'(?:node:fs\/promises|webgpu)'/.test(one))).toEqual([]);
  }
});

test('the program that predicts', async () => {
  const [classify] = programs;
  const name = place.write(classify?.name ?? '', classify?.text ?? '');
  const { code, stdout, stderr } = await node(name);
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('Error') });
  expect(stdout).toMatch(/^\d \[ 1, 10 \]\n$/);
});

test('the program that trains: its weights are those that nnc evaluates', async () => {
  const [, learn] = programs;
  const { code, stdout, stderr } = await node(place.write(learn?.name ?? '', learn?.text ?? ''));
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('Error') });
  expect(Number(stdout)).toBeLessThan(Math.log(10));
  const file = readFileSync(written('learned.safetensors'));
  expect(
    decodeSafetensors(new Uint8Array(file), 'learned').tensors.get('train/step')?.values[0],
  ).toBe(20);
  const words = ['eval', 'models/glyphs.nn', '--weights', 'learned.safetensors', '--limit', '10'];
  expect(await nnc(words)).toMatch(/loss \d/);
});

test('the page names every option of modules, and no others', async () => {
  const terminal = memoryTerminal();
  await runCommand(['compile', '--help'], { env: {}, terminal, now: () => 0 });
  const flagsIn = (text: string) => new Set(text.match(/(?<![\w-])--[a-z][a-z-]*/g));
  const known = flagsIn(terminal.out());
  const others = new Set(['--weights', '--epochs']);
  expect([...flagsIn(page)].filter((flag) => !known.has(flag) && !others.has(flag))).toEqual([]);
  for (const flag of ['--target', '--js', '--train', '--weights', '--embed-weights', '--batch'])
    expect(flagsIn(page)).toContain(flag);
});
