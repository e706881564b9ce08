/** Numbers that are not finite, from the command line: noticed without `--trace-nan`, and traced to a line with it. */
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../cli/program.ts';
import { memoryTerminal } from './memory-terminal.ts';
import { createWorkplace, type Workplace } from './run-nnc.ts';

let place: Workplace;
beforeAll(() => {
  place = createWorkplace();
  const rows = Array.from({ length: 32 }, (_, i) => `${((i * 7) % 16) / 8 - 1},${(i % 5) / 5}`);
  place.write('d.csv', ['a,y', ...rows, ''].join('\n'));
});
afterAll(() => place.remove());

async function nnc(command: string, text: string, ...words: readonly string[]) {
  const terminal = memoryTerminal();
  const file = `${place.folder}/${place.write('m.nn', text)}`;
  const args = [command, file, '--data', `${place.folder}/d.csv`, '--no-cache', ...words];
  const code = await runCommand(args, { env: process.env, terminal, now: () => 0 });
  return { code, out: terminal.out(), err: terminal.err().replaceAll(`${place.folder}/`, '') };
}

const model = (lines: string): string => `input a: f32[n]
input y: f32[n]
${lines}
train { optimizer: sgd(lr=0.5), batch: 8, epochs: 2, seed: 1, shuffle: false }
`;

const logarithm = model(`let h = relu(a[:, None] |> dense(4))
let l = log(h)
loss = mean(l) + mean(y)`);

/** The loss is finite at the first step, its gradient by \`s\` 0 / 0. */
const slope = model(`param s: f32[2] = 0
loss = mean((a - y) ** 2) + sqrt(sum(s ** 2))`);

const growing = model(`let h = a[:, None] |> dense(4) |> dense(1)
loss = mean((h[:, 0] - y) ** 2)`);

describe('without the flag', () => {
  test.each([
    ['a logarithm of 0', logarithm, []],
    ['a learning rate that is too high', growing, ['--lr', '1e15']],
    ['0 / 0 in the gradient only', slope, []],
  ])('%s stops the run; no file is written, and the flag is named', async (_, text, words) => {
    const file = `${place.folder}/w.safetensors`;
    const { code, err } = await nnc('train', text, ...words, '-o', file);
    expect(code).toBe(1);
    expect(err).toMatch(/^error\[NN0506\]: `(loss|s)` (is no longer a finite number|holds NaN)/);
    expect(err).toContain('nothing has been written to w.safetensors');
    expect(err).toContain('`nnc train --trace-nan`');
    expect(existsSync(file)).toBe(false);
  });

  test('the last update is looked at, also where nobody keeps the weights', async () => {
    const { code, err } = await nnc('train', slope, '--steps', '1');
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/^error\[NN0506\]: `s` holds NaN after step 1, whose loss was still/),
    ]);
  });
});

describe('with it', () => {
  test('the node, its line, what it had, and what helps', async () => {
    const { code, err } = await nnc('train', logarithm, '--trace-nan');
    expect(code).toBe(1);
    expect(err).toMatch(
      /^error\[NN0506\]: `loss` is no longer finite at step 1, in epoch 1\n {2}it begins in `log` f32\[8, 4\]\n {4}from m\.nn:4: let l = log\(h\)\n {4}\[0, \d\] is -∞: log\(0\)\n {4}of `select` f32\[8, 4\], which is 0 … [\d.]+\nhelp: keep the argument/,
    );
  });

  test('a gradient: the formula that it is of, and the parameter that it spoils', async () => {
    const { err } = await nnc('train', slope, '--trace-nan');
    expect(err).toMatch(/^error\[NN0506\]: `s` is no longer finite at step 1, in epoch 1\n/);
    expect(err).toContain('it begins in `div` f32[]\n    from m.nn:4 (vjp of sqrt): loss = mean(');
    expect(err).toContain('is ∞: div(0.5, 0)');
    expect(err).toContain('which becomes NaN in `mul` f32[2]');
    expect(err).toContain('help: the root of a negative number is none, and its slope at 0');
  });

  test('numbers that only f32 cannot hold, some steps later', async () => {
    const { err } = await nnc('train', growing, '--lr', '1e15', '--trace-nan');
    expect(err).toMatch(/ no longer finite at step [2-9], in epoch 1\n {2}it begins in `\w+` f32/);
    expect(err).toContain('help: numbers have grown beyond what f32 holds');
  });

  test('a run in which all is finite is the same run', async () => {
    const traced = await nnc('train', growing, '--lr', '0.01', '--trace-nan');
    const plain = await nnc('train', growing, '--lr', '0.01');
    expect(traced.code).toBe(0);
    const losses = (text: string) => [...text.matchAll(/loss ([\d.]+)/g)].map(([, x]) => x);
    expect(losses(traced.out)).toEqual(losses(plain.out));
    expect(losses(plain.out)).toHaveLength(2);
  });

  const outputs = 'input a: f32[n]\noutput out = log(a)\nmetric m = mean(log(a))\n';

  test('a prediction and an evaluation: the rows, and the line', async () => {
    const predicted = await nnc('predict', outputs, '--trace-nan', '--batch', '8');
    expect(predicted.code).toBe(1);
    expect(predicted.err).toMatch(
      /^error\[NN0506\]: `out` is no longer finite at rows 1 to 8\n {2}it begins in `log` f32\[8\]\n {4}from m\.nn:2: output out = log\(a\)\n/,
    );
    const evaluated = await nnc('eval', outputs, '--trace-nan', '--batch', '8');
    expect(evaluated.err).toMatch(/^error\[NN0506\]: `m` is no longer finite at rows 1 to 8\n/);
    // Without the flag they are results as any other.
    expect((await nnc('predict', outputs)).code).toBe(0);
  });
});
