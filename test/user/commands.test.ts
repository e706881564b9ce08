/** What a first user ran into: each of these went wrong once. */
import { execFileSync } from 'node:child_process';
import { lstatSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { catchInterrupts } from '../../cli/interrupt.ts';
import { runCommand } from '../../cli/program.ts';
import { createRunKeeper } from '../../cli/run-keeper.ts';
import { createTerminal } from '../../cli/terminal.ts';
import type { Model } from '../../compiler/model.ts';
import { decodeSafetensors } from '../../data/index.ts';
import type { Session } from '../../runtime/index.ts';
import { memoryTerminal } from '../cli/memory-terminal.ts';
import {
  createWorkplace,
  pointsCsv,
  pointsModel,
  projectFolder,
  type Workplace,
} from '../cli/run-nnc.ts';

let place: Workplace;
beforeAll(() => {
  place = createWorkplace();
  place.write('points.csv', pointsCsv);
  place.write('points.nn', pointsModel);
  process.chdir(place.folder);
});
afterAll(() => {
  process.chdir(projectFolder);
  place.remove();
});

async function nnc(...words: readonly string[]) {
  const terminal = memoryTerminal();
  const code = await runCommand(words, { env: {}, terminal, now: () => performance.now() });
  return { code, out: terminal.out(), err: terminal.err() };
}

test('weights never take the place of a device or a pipe', async () => {
  execFileSync('mkfifo', ['pipe']);
  expect(await nnc('train', 'points.nn', '--steps', '1', '-o', 'pipe')).toEqual({
    code: 1,
    out: '',
    err: 'error: -o: pipe is no plain file\nhelp: leave -o out where the weights are not wanted\n',
  });
  expect(lstatSync('pipe').isFIFO()).toBe(true);
});

test('weights written through a symbolic link leave the link where it is', async () => {
  place.write('target.safetensors', 'old');
  symlinkSync('target.safetensors', 'link.safetensors');
  const { code } = await nnc('train', 'points.nn', '--steps', '1', '-o', 'link.safetensors');
  expect(code).toBe(0);
  expect(lstatSync('link.safetensors').isSymbolicLink()).toBe(true);
  const bytes = new Uint8Array(readFileSync('target.safetensors'));
  expect([...decodeSafetensors(bytes, 'target').tensors.keys()]).toContain('dense.W');
});

test('a folder that takes no files is noticed before training', async () => {
  const { code, out, err } = await nnc('train', 'points.nn', '-o', '/proc/w.safetensors');
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toMatch(/^error: -o: (?:nothing can be written in|there is no folder) \/proc/);
});

test('an empty file name is a usage error', async () => {
  const { code, err } = await nnc('train', 'points.nn', '-o', '');
  expect({ code, err }).toEqual({
    code: 2,
    err: 'error: -o needs the name of a file\nhelp: -o weights.safetensors\n',
  });
});

test('a loss without parameters is nothing to train', async () => {
  place.write(
    'bare.nn',
    'input a: f32[n]\nloss = mean(a)\ntrain { optimizer: sgd()  data: "points.csv" }\n',
  );
  const { code, err } = await nnc('train', 'bare.nn');
  expect(code).toBe(1);
  expect(err).toContain('bare.nn has a loss, but no parameters that could make it smaller');
});

test('states alone need no weights', async () => {
  place.write('state.nn', 'state s: f32 = 1.5\nupdate s = s + 1\noutput y = s\n');
  expect(await nnc('predict', 'state.nn')).toEqual({ code: 0, out: '{"y":1.5}\n', err: '' });
});

test('--data FOLDER finds the table that the file names, ending and all', async () => {
  const { code, out } = await nnc('train', 'points.nn', '--steps', '1', '--data', '.');
  expect(code).toBe(0);
  expect(out).toContain('points.csv: 48 rows to train on');
  const missing = await nnc('train', 'points.nn', '--data', path.dirname(process.execPath));
  expect(missing.err).toContain('help: it is expected to hold points.csv; ');
});

test('one row is one row', async () => {
  const { out } = await nnc('train', 'points.nn', '--limit', '1', '--steps', '1');
  expect(out).toContain('points.csv: 1 row to train on\n');
});

test('a number that f32 cannot hold is no data', async () => {
  place.write('huge.csv', 'a,b,label\n1e39,1,0\n');
  const { code, err } = await nnc('train', 'points.nn', '--data', 'huge.csv');
  expect(code).toBe(1);
  expect(err).toContain('huge.csv: line 2: `a` is "1e39", not a finite number');
});

test('predictions show data columns with as few digits as the data have', async () => {
  place.write('one.nn', 'input a: f32[n]\noutput y = a\n');
  place.write('tenths.csv', 'a,b\n0.1,0.7\n');
  const { out } = await nnc('predict', 'one.nn', '--data', 'tenths.csv');
  expect(out).toBe('{"row":0,"b":0.7,"y":0.1}\n');
});

test('a table feeds an input of several numbers a row when it is told which', async () => {
  place.write(
    'wide.nn',
    'input x: f32[n, 2]\nparam w: f32 = 1\nloss = mean(w * x)\ntrain { optimizer: sgd() }\n',
  );
  const { code, err } = await nnc('train', 'wide.nn', '--data', 'points.csv');
  expect(code).toBe(1);
  expect(err).toContain('NN0504');
  expect(err).toContain('`columns: {x: ["a", "b"]}`');
});

test('--columns says which is which, as the file would, and wins over it', async () => {
  const wide = ['--data', 'points.csv', '--steps', '1', '--optimizer', 'sgd()'] as const;
  const told = await nnc('train', 'wide.nn', ...wide, '--columns', 'x=[a, b]');
  expect([told.code, told.err]).toEqual([0, '']);
  const ranged = await nnc('train', 'wide.nn', ...wide, '--columns', 'x=a..b');
  expect(ranged.code).toBe(0);
  const swapped = await nnc(
    'train',
    'points.nn',
    '--steps',
    '1',
    '--columns',
    'a=b',
    '--columns',
    'b=a',
  );
  expect(swapped.code).toBe(0);
  expect(await nnc('train', 'wide.nn', ...wide, '--columns', 'y=a')).toEqual({
    code: 2,
    out: '',
    err: 'error: --columns: wide.nn has no input `y`\nhelp: it has x\n',
  });
});

test('a place that is not there is noticed before a prediction', async () => {
  const { code, err } = await nnc(
    'predict',
    'one.nn',
    '--data',
    'tenths.csv',
    '-o',
    'no/where.npy',
  );
  expect({ code, err }).toEqual({
    code: 1,
    err: 'error: -o: there is no folder no\nhelp: make it first: mkdir -p no\n',
  });
  expect(await nnc('predict', 'one.nn', '--data', 'tenths.csv', '-o', '')).toEqual({
    code: 2,
    out: '',
    err: 'error: -o needs the name of a file\n',
  });
});

test('a run that was stopped before its first step leaves the weights of another alone', async () => {
  const keeper = createRunKeeper({} as Session, {
    model: { name: 'm', params: [], states: [] } as unknown as Model,
    output: 'never.safetensors',
    kept: 'last',
    best: undefined,
    classes: {},
    log: undefined,
    notes: () => undefined,
    now: () => 0,
  });
  const place = { step: 0, steps: 10, epoch: 1, epochs: 1, stepsInEpoch: 10, stepOfEpoch: 0 };
  const monitor = { waited: 0 };
  await keeper.finish({
    place,
    train: new Map(),
    trainingSeconds: 0,
    seconds: 0,
    outcome: 'stopped',
    monitor,
  });
  expect(keeper.weightsText).toBe('nothing has been written to never.safetensors');
});

test('a column of the right name that does not fit says why', async () => {
  place.write('half.csv', 'a,b,label\n0.5,1,0.5\n0.5,1,1\n');
  const { err } = await nnc('train', 'points.nn', '--data', 'half.csv');
  expect(err).toContain('the column `label` has fractions or too large numbers for u8');
});

test('an interrupt that lay long ago is not waited for', async () => {
  let time = 0;
  const warnings: Error[] = [];
  const note = (warning: Error): void => void warnings.push(warning);
  process.on('warning', note);
  const interrupt = catchInterrupts(
    () => undefined,
    () => time,
  );
  process.emit('SIGINT');
  time = 5000;
  await interrupt.release();
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', note);
  expect(interrupt.signal.aborted).toBe(true);
  expect(warnings).toEqual([]);
});

test('a terminal of no width shows lines all the same', () => {
  const stream = { isTTY: true, columns: 0, write: () => true } as unknown as NodeJS.WriteStream;
  expect(createTerminal({}, stream, stream).results.columns).toBe(100);
});

test('a long file is checked in reasonable time', async () => {
  const lines = Array.from({ length: 4000 }, (_, i) => `let v${i + 1} = v${i} + ${i}`);
  place.write('long.nn', `input x: f32[n]\nlet v0 = x\n${lines.join('\n')}\noutput y = v4000\n`);
  const began = performance.now();
  expect((await nnc('check', 'long.nn')).code).toBe(0);
  // It was 8 seconds, growing with the square of the length.
  expect(performance.now() - began).toBeLessThan(5000);
});

test('what follows from a broken line is not told beside it, what is wrong elsewhere is', async () => {
  place.write('line.nn', 'input x: f32[n]\noutput y = x == 1 == true\noutput z = reul(x)\n');
  const { out } = await nnc('check', 'line.nn');
  expect(out.match(/NN\d{4}/g)).toEqual(['NN0103', 'NN0301']);
});

test('an assignment to a parameter is one mistake, not two', async () => {
  place.write('assign.nn', 'param w: f32 = 1\nw = w - 0.1\noutput y = w\n');
  const { code, out } = await nnc('check', 'assign.nn');
  expect(code).toBe(1);
  expect(out).toContain('error[NN0110]: `w = ...` does not start with a keyword');
  expect(out).toContain('\nassign.nn: 1 error\n');
});
