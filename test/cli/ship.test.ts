/** `nnc compile --target`: the files that it writes, and what it refuses. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../cli/program.ts';
import { decodeSafetensors, encodeSafetensors } from '../../data/index.ts';
import { checkTypes } from '../emit/check-types.ts';
import { memoryTerminal } from './memory-terminal.ts';
import { createWorkplace, pointsModel, type Workplace } from './run-nnc.ts';

const home = process.cwd();
let place: Workplace;
beforeAll(() => {
  place = createWorkplace();
  place.write('points.nn', pointsModel);
  place.write('plain.nn', 'input x: f32[n, 2]\noutput y = x * 2\n');
  place.write(
    'silent.nn',
    'input x: f32[n, 2]\nloss = mean(x |> dense(1))\ntrain { optimizer: sgd() }\n',
  );
  process.chdir(place.folder);
});
afterAll(() => {
  process.chdir(home);
  place.remove();
});

async function nnc(...words: readonly string[]) {
  const terminal = memoryTerminal();
  const code = await runCommand(['compile', ...words], {
    env: process.env,
    terminal,
    now: () => 0,
  });
  return { code, out: terminal.out(), err: terminal.err() };
}
const read = (name: string): string => readFileSync(path.join(place.folder, name), 'utf8');

describe('a module', () => {
  test('for inference: one file, which takes its weights at open', async () => {
    const { code, out } = await nnc('points.nn', '--target', 'module', '-o', 'net.ts');
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringMatching(/^net\.ts: \d kernels? for predict@16\n$/),
    });
    const text = read('net.ts');
    expect(text).not.toMatch(/\bimport\b(?! nothing|s nothing)/);
    expect(existsSync('net.safetensors')).toBe(false);
    // No part that this plan does not need.
    for (const part of [
      'runStep',
      'saveWeights',
      'swaps: [[',
      'checkDevice',
      'createMetrics',
      'fromBase64',
      'chooseProgram',
    ])
      expect(text, part).not.toContain(part);
    expect(text).toMatch(/\/\/ points\.nn:\d+ dense\n/);
  });

  test('for training: with the values that training begins with', async () => {
    const { code, out } = await nnc('points.nn', '--target', 'module', '--train', '-o', 'learn.ts');
    expect(code).toBe(0);
    expect(out).toMatch(
      /^learn\.ts: \d+ kernels for train@16, predict@16; weights in learn\.safetensors \(\d+ bytes\)\n$/,
    );
    const { tensors } = decodeSafetensors(new Uint8Array(readFileSync('learn.safetensors')), 'l');
    // The slots of adam begin at 0 and are not in it.
    expect([...tensors.keys()]).toEqual(['dense.W', 'dense.b', 'dense_1.W', 'dense_1.b']);
    expect(checkTypes(read('learn.ts'))).toEqual([]);
    await nnc('points.nn', '--target', 'module', '--train', '--seed', '2', '-o', 'other.ts');
    const [first, other] = [readFileSync('learn.safetensors'), readFileSync('other.safetensors')];
    expect(other.length).toBe(first.length);
    expect(other.equals(first)).toBe(false);
  });

  test('--js: with its types beside it, also where -o says .ts', async () => {
    expect((await nnc('points.nn', '--target', 'module', '--js', '-o', 'a.ts')).code).toBe(0);
    expect((await nnc('points.nn', '--target', 'module', '-o', 'b.mjs')).code).toBe(0);
    expect(read('a.js')).toBe(read('b.mjs').replaceAll('b.safetensors', 'a.safetensors'));
    expect(read('a.d.ts')).toBe(read('b.d.mts').replaceAll('b.safetensors', 'a.safetensors'));
    expect(existsSync('a.ts')).toBe(false);
  });

  test('the same bytes, wherever it is written and however the file is named', async () => {
    mkdirSync('deep/inside', { recursive: true });
    writeFileSync('deep/inside/points.nn', pointsModel);
    const file = path.join(place.folder, 'deep/inside/points.nn');
    await nnc('points.nn', '--target', 'module', '--train', '-o', 'one.ts');
    await nnc(file, '--target', 'module', '--train', '-o', 'deep/one.ts');
    expect(read('deep/one.ts')).toBe(read('one.ts'));
    expect(read('one.ts')).not.toContain(place.folder);
    expect(readFileSync('deep/one.safetensors').equals(readFileSync('one.safetensors'))).toBe(true);
  });

  test('--weights: just those that it needs, of a file that may have more', async () => {
    const { tensors } = decodeSafetensors(new Uint8Array(readFileSync('learn.safetensors')), 'l');
    const more = new Map([
      ...tensors,
      ['train/step', { dtype: 'f32', shape: [], values: new Float32Array(1) }] as const,
    ]);
    place.write('more.safetensors', encodeSafetensors(more));
    const { code } = await nnc(
      'points.nn',
      '--target',
      'module',
      '--weights',
      'more.safetensors',
      '-o',
      'with.ts',
    );
    expect(code).toBe(0);
    const own = decodeSafetensors(new Uint8Array(readFileSync('with.safetensors')), 'w');
    expect(own.tensors).toEqual(tensors);
    expect(readdirSync('.').filter((name) => name.endsWith('.new'))).toEqual([]);
  });

  test('--embed-weights: open needs none', async () => {
    const words = [
      'points.nn',
      '--target',
      'module',
      '--embed-weights',
      '--weights',
      'learn.safetensors',
    ];
    expect((await nnc(...words, '-o', 'whole.ts')).code).toBe(0);
    expect(existsSync('whole.safetensors')).toBe(false);
    const user =
      "import { open } from './net.ts';\nexport const net = await open({} as GPUDevice);";
    expect(checkTypes(read('whole.ts'), user)).toEqual([]);
  });

  test('without weights at all', async () => {
    expect((await nnc('plain.nn', '--target', 'module', '-o', 'plain.ts')).code).toBe(0);
    expect(read('plain.ts')).not.toContain('afetensors');
    const user =
      "import { open } from './net.ts';\nexport const net = await open({} as GPUDevice);";
    expect(checkTypes(read('plain.ts'), user)).toEqual([]);
  });

  test('--portable and --target-device choose its kernels', async () => {
    for (const words of [['--portable'], ['--target-device=chrome'], ['--target-device=adapter']])
      expect(
        (await nnc('points.nn', '--target', 'module', '-o', `${words[0]}.ts`, ...words)).code,
      ).toBe(0);
    expect(read('--portable.ts')).not.toBe(read('net.ts'));
    expect(read('--portable.ts')).toContain('Runs on every WebGPU device');
  });
});

type Refused = readonly [code: number, message: RegExp, ...words: string[]];
const refused: readonly Refused[] = [
  [2, /--target module needs a file\nhelp: -o net\.ts/, 'points.nn', '--target', 'module'],
  [
    2,
    /a module is a \.ts or \.js file, not net\.wgsl/,
    'points.nn',
    '--target',
    'module',
    '-o',
    'net.wgsl',
  ],
  [1, /there is no folder nowhere/, 'points.nn', '--target', 'module', '-o', 'nowhere/net.ts'],
  [1, /silent\.nn has no `output`/, 'silent.nn', '--target', 'module', '-o', 'n.ts'],
  [1, /plain\.nn trains nothing/, 'plain.nn', '--target', 'module', '--train', '-o', 'n.ts'],
  [1, /plain\.nn trains nothing/, 'plain.nn', '--target', 'dot', '--train'],
  [2, /--train is for --target module/, 'points.nn', '--train', '-o', 'out'],
  [2, /--js is for --target module/, 'points.nn', '--target', 'dot', '--js'],
  [
    2,
    /--emit does not go with --target module/,
    'points.nn',
    '--target',
    'module',
    '--emit=wgsl',
    '-o',
    'n.ts',
  ],
  [
    2,
    /there are no weights of points\.nn to put into the module/,
    'points.nn',
    '--target',
    'module',
    '--embed-weights',
    '-o',
    'n.ts',
  ],
  [
    1,
    /there is no weights file none\.safetensors/,
    'points.nn',
    '--target',
    'module',
    '--weights',
    'none.safetensors',
    '-o',
    'n.ts',
  ],
  [
    1,
    /does not hold the weights of this model:\n {2}`dense\.W`/,
    'points.nn',
    '--set',
    'width=5',
    '--target',
    'module',
    '--weights',
    'learn.safetensors',
    '-o',
    'n.ts',
  ],
  [
    2,
    /several numbers of rows are for --target module/,
    'points.nn',
    '--batch',
    '1,2',
    '--emit=plan',
    '--portable',
  ],
  [
    2,
    /whole numbers from 1 on: 32, or 1,32,128/,
    'points.nn',
    '--batch',
    '1,none',
    '--target',
    'module',
    '-o',
    'n.ts',
  ],
  [2, /Allowed choices are wgsl, module, dot, mermaid/, 'points.nn', '--target', 'onnx'],
];

test.each(refused.map(([code, message, ...words]) => ({ code, message, words })))(
  '$message',
  async ({ code, message, words }) => {
    const ran = await nnc(...words);
    expect(ran.err).toMatch(message);
    expect(ran.code).toBe(code);
    expect(existsSync('n.ts')).toBe(false);
  },
);

test('weights that are too large to embed', async () => {
  place.write(
    'large.nn',
    'input x: f32[n, 600]\noutput y = x |> dense(600)\nloss = mean(y)\ntrain { optimizer: sgd() }\n',
  );
  const { code, err } = await nnc(
    'large.nn',
    '--target',
    'module',
    '--train',
    '--embed-weights',
    '-o',
    'n.ts',
  );
  expect(code).toBe(1);
  expect(err).toMatch(
    /the weights take 1,44\d,\d+ bytes; a module holds at most 1,048,576\nhelp: leave it out/,
  );
});

test('--target wgsl is what there is without --target', async () => {
  await nnc('points.nn', '--portable', '-o', 'out1');
  await nnc('points.nn', '--portable', '--target', 'wgsl', '-o', 'out2');
  expect(readdirSync('out2')).toEqual(readdirSync('out1'));
  expect(read('out2/plan.json')).toBe(read('out1/plan.json'));
});

test('--target dot and mermaid print, or write a file', async () => {
  const printed = await nnc('points.nn', '--target', 'dot');
  expect(printed.out).toMatch(/^digraph "points" \{\n/);
  expect((await nnc('points.nn', '--target', 'dot', '-o', 'points.dot')).out).toBe(
    'points.dot: written\n',
  );
  expect(read('points.dot')).toBe(printed.out);
  expect((await nnc('points.nn', '--target', 'mermaid')).out).toMatch(
    /^---\n[^-]+---\nflowchart TB\n/,
  );
  expect((await nnc('points.nn', '--target', 'dot', '--train')).out).toMatch(/label="backward"/);
});
