/** Every command ends by itself, soon, with the right exit code and nothing on standard error that does not belong there. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  createWorkplace,
  pointsCsv,
  pointsModel,
  projectFolder,
  type Ran,
  type Workplace,
} from '../cli/run-nnc.ts';

/** A hang shows as a missing exit code. */
const LIMIT_MS = 20_000;

let place: Workplace;
beforeAll(async () => {
  place = createWorkplace(LIMIT_MS);
  place.write('points.csv', pointsCsv);
  place.write('points.nn', pointsModel);
  place.write('wrong.nn', 'input x: f32[n, 4]\noutput y = x |> dens(3)\n');
  place.write('false.nn', 'expect 1 + 1 == 3\n');
  expect((await place.nnc('train', 'points.nn', '-o', 'w.safetensors')).code).toBe(0);
});
afterAll(() => place.remove());

type Run = readonly [args: string, code: number, stdout: RegExp | '', stderr: RegExp | ''];

const unknownName =
  /^error\[NN0301\]: there is nothing called `dens` here\n {2}--> wrong\.nn:2:17\n/;

const runs: readonly Run[] = [
  ['train points.nn --steps 3', 0, /^model .*\ndata .*\ndevice .*\ncompiled /, ''],
  ['train points.nn --epochs 2 -o again.safetensors', 0, /weights {3}again\.safetensors, /, ''],
  ['train points.nn --steps 1 --batch all', 0, /step 1\/1 {3}loss /, ''],
  ['train points.nn --steps 5 --validation 0.2', 0, /validation loss /, ''],
  ['train points.nn --steps 3 --seed 9', 0, /trained {3}/, ''],
  [
    'train points.nn --steps 60 --optimizer sgd(lr=1e38)',
    1,
    /^model /,
    /^error\[NN0506\]: `loss` is no longer a finite number/,
  ],
  ['train wrong.nn', 1, '', unknownName],
  ['train points.nn --steps 0', 2, '', /^error: option '--steps <n>' argument '0' is invalid/],
  ['test --gpu points.nn', 0, /\nall 2 checks hold\n$/, ''],
  ['test points.nn', 0, /\n1 check holds\n$/, ''],
  ['test --gpu false.nn', 1, /does not hold in the interpreter and on the device/, ''],
  ['check points.nn', 0, /^points\.nn: ok, /, ''],
  ['check wrong.nn', 1, unknownName, ''],
  ['doctor', 0, /\nadapter\n/, ''],
  ['predict points.nn --weights w.safetensors --limit 2', 0, /^\{"row":0,.*\n\{"row":1,.*\n$/, ''],
  ['predict points.nn', 2, '', /^error: nnc predict needs the trained weights of points\.nn\n/],
  ['eval points.nn --weights w.safetensors', 0, /^loss .* accuracy .* 48 samples /, ''],
  ['compile points.nn --emit=wgsl', 0, /@compute/, ''],
  ['compile points.nn -o out', 0, /^out: \d+ kernels, plan\.json /, ''],
  ['summary points.nn', 0, /^site /, ''],
];

/** One after the other would take twice as long. */
async function twoAtATime(lines: readonly string[]): Promise<readonly Ran[]> {
  const results: Ran[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < lines.length; i = next++)
      results[i] = await place.nnc(...(lines[i] ?? '').split(' '));
  };
  await Promise.all([worker(), worker()]);
  return results;
}

test('twenty commands', async () => {
  expect(runs).toHaveLength(20);
  const results = await twoAtATime(runs.map(([args]) => args));
  for (const [i, [args, code, stdout, stderr]] of runs.entries()) {
    const ran = results[i];
    expect({ args, code: ran?.code, stderr: ran?.stderr }).toEqual({
      args,
      code,
      stderr: stderr === '' ? '' : expect.stringMatching(stderr),
    });
    expect({ args, stdout: ran?.stdout }).toEqual({
      args,
      stdout: stdout === '' ? '' : expect.stringMatching(stdout),
    });
  }
});

test.each(['compile points.nn --emit=plan', 'train points.nn --log-every 1'])(
  'a reader that has seen enough of `nnc %s` is no failure',
  async (line) => {
    const command = path.join(projectFolder, 'bin/nnc.js');
    const child = spawn(process.execPath, [command, ...line.split(' ')], {
      cwd: place.folder,
      timeout: LIMIT_MS,
    });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.stdout.once('data', () => child.stdout.destroy());
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  },
);
