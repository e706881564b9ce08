/** `nnc profile`: a row for each kernel, what it has to do, and a trace. Counts and structure, never how long. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ProgramProfile } from '../../cli/profile-program.ts';
import { flopsText, sourcesText, timeText } from '../../cli/profile-text.ts';
import { runCommand } from '../../cli/program.ts';
import type { Trace } from '../../cli/trace-events.ts';
import { memoryTerminal } from './memory-terminal.ts';
import { createWorkplace, projectFolder, type Workplace } from './run-nnc.ts';

let place: Workplace;
beforeAll(() => {
  place = createWorkplace();
});
afterAll(() => place.remove());

async function profile(file: string, ...words: readonly string[]) {
  const terminal = memoryTerminal();
  const context = { env: process.env, terminal, now: () => 0 };
  const code = await runCommand(['profile', file, '--repeat', '2', ...words], context);
  return { code, out: terminal.out(), err: terminal.err() };
}

interface Json {
  readonly model: string;
  readonly peaks: { readonly gbPerSecond: number; readonly gflopPerSecond: number };
  readonly programs: readonly ProgramProfile[];
}

const model = (name: string): string => `${projectFolder}models/${name}.nn`;

const twoLayers = `input x: f32[n, 8]
input y: f32[n, 2]
loss = mse(x |> dense(16) |> relu |> dense(2), y)
output z = x @ x.T
train { optimizer: sgd()  batch: 4 }
`;

test('a row for each kernel with its line of the model, within the width, sorted by time', async () => {
  const file = `${place.folder}/${place.write('two.nn', twoLayers)}`;
  const json = await profile(file, '--json');
  expect([json.code, json.err]).toEqual([0, '']);
  const { programs, peaks } = JSON.parse(json.out) as Json;
  expect(programs.map(({ program }) => program)).toEqual(['train@4']);
  const [{ kernels, dispatches, ...total } = { kernels: [], dispatches: [], flops: 0 }] = programs;
  expect(kernels.length).toBeGreaterThan(1);
  expect(kernels.flatMap((row) => row.dispatches).sort()).toEqual([...dispatches.keys()].sort());
  const times = kernels.map((row) => row.microseconds);
  expect(times).toEqual([...times].sort((a, b) => b - a));
  expect(kernels.reduce((sum, row) => sum + row.share, 0)).toBeCloseTo(1);
  expect(kernels.reduce((sum, row) => sum + row.flops, 0)).toBe(total.flops);
  for (const row of kernels) expect(row.origin.join()).toMatch(/two\.nn:[135]/);
  expect(peaks.gbPerSecond).toBeGreaterThan(0);
  expect(peaks.gflopPerSecond).toBeGreaterThan(0);

  const { out } = await profile(file);
  const lines = out.split('\n');
  expect(lines[1]).toMatch(/^peak of this device, as measured: .* GB\/s, .* GFLOP\/s$/);
  expect(out).toMatch(/\ntrain@4: each kernel alone, by (the device's clock|the wall)\n/);
  expect(out).toMatch(/ {2}k\d\d two\.nn:3/);
  expect(out).toContain(`all ${kernels.length} kernels`);
  expect(out).toMatch(/a whole step in a session takes [\d.]+ (ns|µs|ms|s), by the wall/);
});

test('another program, and its flops and bytes', async () => {
  const file = `${place.folder}/${place.write('two.nn', twoLayers)}`;
  const { out } = await profile(file, '--program', 'predict', '--batch', '5', '--json');
  const [predict] = (JSON.parse(out) as Json).programs;
  expect(predict?.program).toBe('predict@5');
  expect(predict?.kernels).toHaveLength(1);
  expect([predict?.flops, predict?.bytes]).toEqual([2 * 5 * 5 * 8, 4 * (5 * 8 + 5 * 5)]);
});

test('the table is not wider than a terminal of 100 characters', async () => {
  const ran = await place.nnc('profile', model('mnist'), '--batch', '8', '--repeat', '1');
  expect(ran.code).toBe(0);
  const table = ran.stdout.split('\n').slice(1);
  for (const line of table) expect([...line].length, line).toBeLessThanOrEqual(100);
  expect(ran.stdout).toMatch(/k\d\d mnist\.nn:4 dense/);
});

test('two sections: a table for each set that meets in a step; the trace has the stages and the kernels', async () => {
  const file = `${place.folder}/trace.json`;
  const { code, out } = await profile(model('gan'), '--batch', '2', '--trace', file);
  expect(code).toBe(0);
  expect(out).toMatch(/\ntrain@2: each kernel alone/);
  expect(out).toMatch(/\ntrain@2:critic: each kernel alone/);
  expect(out).toContain(`${file}: open it at`);
  const { traceEvents } = JSON.parse(readFileSync(file, 'utf8')) as Trace;
  const names = traceEvents.filter(({ ph }) => ph === 'M');
  expect(names.map(({ name, tid, args }) => [name, tid, args['name']])).toEqual([
    ['process_name', 0, expect.stringContaining('gan')],
    ['thread_name', 1, 'compiler'],
    ['thread_name', 2, 'device: each kernel alone'],
  ]);
  const events = traceEvents.filter(({ ph }) => ph === 'X');
  expect(events.length + names.length).toBe(traceEvents.length);
  for (const event of events) {
    expect(event.pid).toBe(1);
    expect(event.ts).toBeGreaterThanOrEqual(0);
    expect(event.dur).toBeGreaterThanOrEqual(0);
  }
  const stages = events.filter(({ tid }) => tid === 1).map(({ name }) => name);
  expect(stages[0]).toBe('parse and elaborate');
  expect(stages).toContain('train@2 bind');
  expect(stages).toContain('train@2:critic bind');
  expect(stages.at(-1)).toBe('kernels, schedules, memory');
  const kernels = events.filter(({ tid }) => tid === 2);
  const counts = [...out.matchAll(/all (\d+) kernels/g)].map(([, count]) => Number(count));
  expect(counts).toHaveLength(2);
  expect(kernels).toHaveLength((counts[0] ?? 0) + (counts[1] ?? 0));
  for (const { args } of kernels) {
    expect(args['source']).toMatch(/^gan\.nn:\d+/);
    expect(args['bytes']).toBeGreaterThan(0);
    expect(args['flops']).toBeGreaterThanOrEqual(0);
  }
  // One after another on each track: nothing overlaps.
  for (const track of [1, 2]) {
    let end = 0;
    for (const { ts = 0, dur = 0 } of events.filter(({ tid }) => tid === track)) {
      expect(ts).toBeGreaterThanOrEqual(end);
      end = ts + dur;
    }
  }
});

test('where nothing is trained, predicting is measured; a program that is not there is said', async () => {
  const { code, out } = await profile(model('by_hand'), '--batch', '3');
  expect(code).toBe(0);
  expect(out).toMatch(/\npredict@3: each kernel alone/);
  const without = await profile(model('by_hand'), '--program', 'train');
  expect(without.code).toBe(2);
  expect(without.err).toContain('--program train');
  expect(without.err).toContain('it has predict');
  const nowhere = await profile(model('by_hand'), '--trace', `${place.folder}/none/trace.json`);
  expect(nowhere.code).not.toBe(0);
  expect(nowhere.err).toContain('--trace: there is no folder');
});

test('sizes that only data would tell are asked for', async () => {
  const text = 'input x: f32[n, m]\noutput y = exp(x)\n';
  const file = `${place.folder}/${place.write('sizes.nn', text)}`;
  const { code, err } = await profile(file);
  expect([code, err]).toEqual([2, expect.stringContaining('--size m=64')]);
  expect((await profile(file, '--size', 'm=3')).code).toBe(0);
});

test('how times, operations and sources are written', () => {
  expect([0.4, 12.34, 999.6, 1320, 99_960, 2_000_000].map(timeText)).toEqual([
    '400 ns',
    '12.3 µs',
    '1.00 ms',
    '1.32 ms',
    '100 ms',
    '2.00 s',
  ]);
  expect([0, 999, 1400, 103e6, 2e13].map(flopsText)).toEqual([
    '0',
    '999',
    '1.4 k',
    '103 M',
    '20 T',
  ]);
  const origin = ['a/m.nn:4 dense', 'a/m.nn:4 dense_1 (vjp of contract)', 'a/m.nn:6 (fold/mul)'];
  expect(sourcesText([...origin, 'std/loss.nn:2 x'])).toBe(
    'm.nn:4 dense, dense_1; :6; loss.nn:2 x',
  );
  // Of a model that a program has built: places are calls in that program.
  expect(sourcesText(['src/my-net.ts:12 dense (vjp of contract)', 'src/my-net.ts:13'])).toBe(
    'my-net.ts:12 dense; :13',
  );
});
