/** Every command on the adapter at hand: what it prints, writes, and ends with. Started for real they are in test/user/exit.test.ts. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeSafetensors } from '../../data/index.ts';
import { readPlan } from '../../runtime/index.ts';
import {
  createWorkplace,
  nncHere as nnc,
  pointsCsv,
  pointsModel,
  projectFolder,
  type Ran,
  type Workplace,
} from './run-nnc.ts';

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

const quiet = (ran: Ran): Ran => {
  expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: '' });
  return ran;
};
const file = (name: string): string => path.join(place.folder, name);

test('train: a line for each epoch with validation, then time, weights and nothing left behind', async () => {
  const { stdout } = quiet(
    await nnc(
      'train',
      'points.nn',
      '-o',
      'points.safetensors',
      '--validation',
      '0.2',
      '--epochs',
      '12',
    ),
  );
  const lines = stdout.trimEnd().split('\n');
  expect(lines.slice(0, 2)).toEqual([
    'model     points.nn: 22 parameters in 4 tensors',
    'data      points.csv: 38 rows to train on, 10 to validate',
  ]);
  expect(lines[2]).toMatch(/^device {4}\S.* \(.+\)/);
  expect(lines[3]).toMatch(
    /^compiled {2}\d+ kernels in [\d.]+ m?s(?: \(plan of an earlier run\))?; a step of 16 rows is \d+ dispatch(es)?$/,
  );
  const epochs = lines.filter((line) => line.startsWith('epoch'));
  expect(epochs).toHaveLength(12);
  for (const line of epochs)
    expect(line).toMatch(
      /^epoch [ \d]\d\/12 {3}loss \d\.\d{4} {2}accuracy \d\.\d{4} {3}validation loss \d\.\d{4} {2}accuracy \d\.\d{4} {3}[\d,.]+ samples\/s {2}\d+(\.\d)? m?s$/,
    );
  const losses = epochs.map((line) => Number(/loss (\S+)/.exec(line)?.[1]));
  expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) * 0.8);
  expect(lines.at(-2)).toMatch(/^trained {3}12 epochs in /);
  expect(lines.at(-1)).toMatch(/^weights {3}points\.safetensors, \d+ bytes$/);
  const { tensors, metadata } = decodeSafetensors(
    new Uint8Array(readFileSync(file('points.safetensors'))),
    'w',
  );
  expect([...tensors].map(([name, { shape }]) => [name, shape])).toEqual([
    ['dense.W', [2, 4]],
    ['dense.b', [4]],
    ['dense_1.W', [4, 2]],
    ['dense_1.b', [2]],
  ]);
  expect(metadata).toEqual({ model: 'points', steps: '36' });
  expect(readdirSync(place.folder).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('train without -o says how to keep the weights; a seed repeats a run, starting it again and again ends cleanly', async () => {
  const run = async (seed: string) => {
    const { stdout } = quiet(
      await place.nnc('train', 'points.nn', '--seed', seed, '--epochs', '2'),
    );
    expect(stdout).toContain('not kept; `-o points.safetensors` writes them to a file');
    return stdout
      .split('\n')
      .flatMap((line) => /^epoch.*?(loss.*accuracy \S+)/.exec(line)?.[1] ?? []);
  };
  const first = await run('5');
  expect(first).toHaveLength(2);
  expect(await run('5')).toEqual(first);
  expect(await run('6')).not.toEqual(first);
});

test('train takes the plan of an earlier run with the same, unless --no-cache; it learns the same', async () => {
  const run = async (...more: readonly string[]): Promise<string> => {
    const words = ['train', 'points.nn', '--batch', '13', '--steps', '2', ...more];
    return quiet(await nnc(...words)).stdout;
  };
  const losses = (stdout: string): readonly string[] => stdout.match(/loss \S+/g) ?? [];
  const first = await run();
  const second = await run();
  const anew = await run('--no-cache');
  expect(second).toContain('(plan of an earlier run)');
  expect(anew).not.toContain('(plan of an earlier run)');
  expect(losses(first).length).toBeGreaterThan(0);
  expect(losses(second)).toEqual(losses(first));
  expect(losses(anew)).toEqual(losses(first));
});

test('train --log-every with --batch all and --set: the steps asked for, and the last', async () => {
  const { stdout } = quiet(
    await nnc(
      'train',
      'points.nn',
      '--batch',
      'all',
      '--steps',
      '7',
      '--log-every',
      '3',
      '--set',
      'width=8',
      '--lr',
      '0.1',
    ),
  );
  expect(stdout).toContain('42 parameters');
  expect(
    stdout.split('\n').flatMap((line) => /^step (\d\/7) {3}loss/.exec(line)?.[1] ?? []),
  ).toEqual(['1/7', '4/7', '7/7']);
  expect(stdout).toMatch(/trained {3}7 steps in/);
});

test('train, interrupted: stops, keeps the weights, and says so', async () => {
  const ran = await place.interrupted(
    'epoch  ',
    'SIGINT',
    'train',
    'points.nn',
    '--epochs',
    '100_000',
    '-o',
    'stopped.safetensors',
  );
  expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 130, stderr: '' });
  expect(ran.stdout).toContain('stopping after the steps under way');
  expect(ran.stdout).toMatch(/trained {3}stopped after step \d+ of 300000, in epoch \d+ of 100000/);
  const { tensors } = decodeSafetensors(
    new Uint8Array(readFileSync(file('stopped.safetensors'))),
    'w',
  );
  expect(tensors.size).toBe(4);
});

test('train that diverges: the step, what helps, and what the file still holds', async () => {
  place.write(
    'wild.nn',
    pointsModel.replace('adam(lr=0.05)', 'sgd(lr=1e30)').replace('|> tanh ', ''),
  );
  const { code, stderr } = await nnc('train', 'wild.nn', '-o', 'wild.safetensors');
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^error\[NN0506\]: `loss` is no longer a finite number at step \d, in epoch 1/,
  );
  expect(stderr).toContain(
    '\n  nothing has been written to wild.safetensors\nhelp: a smaller learning rate',
  );
  expect(existsSync(file('wild.safetensors'))).toBe(false);
});

test('eval and predict use the weights', async () => {
  const evaluated = quiet(await nnc('eval', 'points.nn', '--weights', 'points.safetensors'));
  expect(evaluated.stdout).toMatch(
    /^loss 0\.\d{4} {2}accuracy \d\.\d{4} {3}48 samples of points\.csv\n$/,
  );
  const accuracy = Number(/accuracy (\S+)/.exec(evaluated.stdout)?.[1]);
  const predicted = quiet(
    await nnc('predict', 'points.nn', '--weights', 'points.safetensors', '--batch', '20'),
  );
  const records = predicted.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(records).toHaveLength(48);
  expect(Object.keys(records[0])).toEqual(['row', 'label', 'probs', 'class']);
  expect(records.map((record) => record.row)).toEqual(records.map((_, row) => row));
  const right = records.filter((record) => record.label === record.class).length;
  expect(right / 48).toBeCloseTo(accuracy, 4);
  const table = quiet(
    await nnc(
      'predict',
      'points.nn',
      '--weights',
      'points.safetensors',
      '--limit',
      '2',
      '--format',
      'table',
    ),
  );
  expect(table.stdout).toMatch(
    /^row {2}label {2}probs +class\n {2}0 +\d {2}\[\d\.\d\d \d\.\d\d\] +\d\n {2}1 /,
  );
});

test('eval --confusion: whole counts over batches and a short last one, as accurate as the metric', async () => {
  const evaluate = async (...more: readonly string[]) =>
    quiet(await nnc('eval', 'points.nn', '--weights', 'points.safetensors', '--confusion', ...more))
      .stdout;
  const found = JSON.parse(await evaluate('--format', 'json', '--batch', '20'));
  expect(found.confusion).toMatchObject({ output: 'class', label: 'label', total: 48 });
  expect(found.confusion.accuracy).toBeCloseTo(found.values.accuracy, 6);
  expect(JSON.parse(await evaluate('--format', 'json', '--batch', 'all')).confusion).toEqual(
    found.confusion,
  );
  const labels = pointsCsv.split('\n').slice(1, -1);
  const ones = labels.filter((line) => line.endsWith(',1')).length;
  expect(found.confusion.perClass.map((one: { support: number }) => one.support)).toEqual([
    48 - ones,
    ones,
  ]);
  expect(await evaluate()).toContain('class: predicted (columns) against label (rows)\n');
  expect(await evaluate('-o', 'confusion.csv')).toBe('');
  expect(readFileSync(file('confusion.csv'), 'utf8')).toMatch(
    /^true,predicted\.0,predicted\.1,precision,recall,f1,support\n0,\d+,\d+,/,
  );
});

test('classes keep their names and their numbers from training on', async () => {
  const named = (rows: readonly string[]): string => `a,b,label\n${rows.join('\n')}\n`;
  const rows = pointsCsv.split('\n').slice(1, -1);
  const words = rows.map((row) => row.replace(/,1$/, ',above').replace(/,0$/, ',below'));
  place.write('named.csv', named(words));
  place.write('named.nn', pointsModel.replace('points.csv', 'named.csv'));
  quiet(await nnc('train', 'named.nn', '-o', 'named.safetensors', '--epochs', '30'));
  const run = async (command: string, data: string, ...more: readonly string[]) =>
    await nnc(command, 'named.nn', '--weights', 'named.safetensors', '--data', data, ...more);
  // Alone, `below` would be class 0.
  place.write('one.csv', named(words.filter((row) => row.endsWith('below')).slice(0, 3)));
  const predicted = quiet(await run('predict', 'one.csv', '--only', 'class')).stdout;
  expect(predicted.trimEnd().split('\n')).toEqual(
    [0, 1, 2].map((row) => `{"row":${row},"label":"below","class":"below"}`),
  );
  const table = quiet(await run('predict', 'one.csv', '--only', 'class', '--format', 'csv')).stdout;
  expect(table).toBe('row,label,class\n0,below,below\n1,below,below\n2,below,below\n');
  const { confusion } = JSON.parse(
    quiet(await run('eval', 'one.csv', '--confusion', '--format', 'json')).stdout,
  );
  expect(confusion).toMatchObject({
    classes: ['above', 'below'],
    matrix: [
      [0, 0],
      [0, 3],
    ],
  });
  place.write('strange.csv', 'a,b,label\n1,1,beside\n');
  expect((await run('eval', 'strange.csv')).stderr).toContain(
    '`label` is "beside", which is none of the 2 classes that were trained on\nhelp: they are above, below\n',
  );
  // Rows of which nobody knows the class.
  place.write('rows.jsonl', '{"a": 1, "b": 1}\n{"a": -1, "b": -1}\n');
  expect(quiet(await run('predict', 'rows.jsonl', '--only', 'class')).stdout).toBe(
    '{"row":0,"class":"above"}\n{"row":1,"class":"below"}\n',
  );
});

test('check: ok, all mistakes of a file, JSON', async () => {
  place.write(
    'broken.nn',
    pointsModel.replace('dense(width)', 'dens(width)').replace('epochs: 4', 'epoch: 4'),
  );
  const ok = quiet(await nnc('check', 'points.nn'));
  expect(ok.stdout).toBe('points.nn: ok, 22 parameters in 4 tensors\n');
  const broken = await nnc('check', 'points.nn', 'broken.nn');
  expect(broken.code).toBe(1);
  expect(broken.stdout).toContain('error[NN0301]');
  expect(broken.stdout).toContain('--> broken.nn:6:19');
  expect(broken.stdout).toContain('error[NN0501]');
  expect(broken.stdout).toMatch(/broken\.nn: 2 errors\n$/);
  const json = await nnc('check', 'broken.nn', '--json');
  expect(json.code).toBe(1);
  const [found] = JSON.parse(json.stdout) as {
    uri: string;
    diagnostics: { code: string; severity: number; range: { start: { line: number } } }[];
  }[];
  expect(found?.uri).toMatch(/^file:\/\/\/.*\/broken\.nn$/);
  expect(found?.diagnostics.map((d) => [d.code, d.severity, d.range.start.line])).toEqual([
    ['NN0301', 1, 5],
    ['NN0501', 1, 11],
  ]);
});

test('warnings are shown and do not fail, unless they are denied', async () => {
  const unused = 'let unused = 1\n';
  place.write('warned.nn', pointsModel + unused);
  const line = pointsModel.split('\n').length;
  const checked = await nnc('check', 'warned.nn');
  expect(checked.code).toBe(0);
  expect(checked.stdout).toContain(`  --> warned.nn:${line}:5\n`);
  expect(checked.stdout).toMatch(/\nwarned\.nn: 1 warning, 22 parameters in 4 tensors\n$/);
  expect((await nnc('check', 'warned.nn', '--deny-warnings')).code).toBe(1);
  expect((await nnc('check', 'points.nn', '--deny-warnings')).code).toBe(0);
  const brief =
    `warning[NN0901]: warned.nn:${line}:5: the \`unused\` of line ${line} is never used\n` +
    '`nnc check warned.nn` says more\n';
  const trained = await nnc('train', 'warned.nn', '--epochs', '1');
  expect([trained.code, trained.stderr]).toEqual([0, brief]);
  const denied = await nnc('train', 'warned.nn', '--deny-warnings');
  expect(denied.code).toBe(1);
  expect(denied.stdout).toBe('');
  expect(denied.stderr).toContain('warning[NN0901]: the `unused`');
  place.write('allowed.nn', `${pointsModel}let unused = 1  # allow NN0901\n`);
  expect((await nnc('check', 'allowed.nn', '--deny-warnings')).code).toBe(0);
});

test('data beside the model file are found from anywhere', async () => {
  mkdirSync(file('elsewhere'));
  const { stdout } = quiet(await nnc('train', 'elsewhere/../points.nn', '--epochs', '1'));
  expect(stdout).toContain('data      points.csv: 48 rows');
  place.write('elsewhere/near.nn', pointsModel.replace('points.csv', './near.csv'));
  place.write('elsewhere/near.csv', pointsCsv);
  const near = quiet(await nnc('train', 'elsewhere/near.nn', '--epochs', '1'));
  expect(near.stdout).toContain('near.csv: 48 rows');
});

test('summary: layers, shapes, parameters', async () => {
  const { stdout } = quiet(await nnc('summary', 'points.nn', '--set', 'width=16'));
  expect(stdout).toMatch(/^dense +@ +f32\[batch, 16\] +48$/m);
  expect(stdout).toMatch(/total +82 /);
});

test('test: in the interpreter and on the device; a broken expectation fails', async () => {
  const held = quiet(await nnc('test', 'points.nn', '--gpu'));
  expect(held.stdout).toBe(
    'points.nn\n  ✓ line 11: allclose(sum(probs, axis=1), 1)\n\nall 2 checks hold\n',
  );
  place.write('false.nn', 'let x: f32 = 2\nexpect x == 2\nexpect x == 3\n');
  const failed = await nnc('test', 'false.nn', '--gpu');
  expect(failed.code).toBe(1);
  expect(failed.stdout).toBe(
    'false.nn\n  ✓ line 2: x == 2\n  ✗ line 3: x == 3   does not hold in the interpreter and on the device\n\n2 of 4 checks fail\n',
  );
});

test('compile -o: numbered kernels with their origin, a plan that can be read, a summary', async () => {
  const { stdout } = quiet(await nnc('compile', 'points.nn', '-o', 'out', '--portable'));
  expect(stdout).toMatch(
    /^out: \d+ kernels, plan\.json with train@16, eval@16, predict@16, summary\.txt\n$/,
  );
  const names = readdirSync(file('out'));
  const kernels = names.filter((name) => name.endsWith('.wgsl'));
  expect(kernels[0]).toMatch(/^k00_\w+\.wgsl$/);
  const first = readFileSync(file(`out/${kernels[0]}`), 'utf8');
  expect(first).toMatch(/^\/\/ k00_\w+\n\/\/ used by train@16 \(dispatch 1\)/);
  expect(first).toMatch(/^\/\/ {3}points\.nn:6 dense/m);
  expect(first).toContain('@compute');
  const plan = readPlan(JSON.parse(readFileSync(file('out/plan.json'), 'utf8')));
  expect(plan.kernels.map((kernel) => `${kernel.name}.wgsl`).sort()).toEqual(kernels.sort());
  expect(plan.requires).toEqual({ features: [], limits: {} });
  expect(readFileSync(file('out/summary.txt'), 'utf8')).toMatch(
    /train@16: \d+ dispatches?\n +1 {2}k00/,
  );
  quiet(await nnc('compile', 'points.nn', '-o', 'out', '--portable', '--no-pass', 'fuse'));
  const unfused = readdirSync(file('out')).filter((name) => name.endsWith('.wgsl'));
  expect(unfused.length).toBeGreaterThan(kernels.length);
});

test.each([
  ['ast', /^\(input a/m],
  ['graph', /^return probs=%\d+, class=%\d+, loss=%\d+, accuracy=%\d+, "?expect\.0"?=%\d+$/m],
  ['gradient', /^return loss=%\d+/m],
  ['fused', /^# train@16\n[\s\S]*\n# k00_\w+: (%\d+ )+-> %\d+/],
  [
    'fusion',
    /^# train@16: \d+ dispatches\nk00 [\s\S]*\n {2}saves \d+ bytes[\s\S]*\n {2}apart from k00: /,
  ],
  ['kernels', /^k00_\w+\n {2}contract variant=/],
  [
    'schedules',
    /^k00_\w+ {2}key [0-9a-f]{16}\n {2}> +[\d.]+ us \(launch [\d.]+.*\) {2}contract variant=/,
  ],
  ['wgsl', /^\/\/ k00_\w+\n/],
  ['plan', /^plan points version 2\n/],
])('compile --emit=%s', async (stage, pattern) => {
  const { stdout } = quiet(await nnc('compile', 'points.nn', `--emit=${stage}`, '--portable'));
  expect(stdout).toMatch(pattern);
});

test('compile --schedule: by hand or out of a file, and what is legal where it is not', async () => {
  writeFileSync(file('by-hand.json'), '{ "k00": "workgroup=1" }');
  const compiled = async (...words: readonly string[]) => {
    const { code, stdout, stderr } = await nnc(
      ...['compile', 'points.nn', '--emit=kernels', '--portable', ...words],
    );
    return { code, out: stdout, err: stderr };
  };
  const first = /^k00_\w+\n {2}contract .*\bworkgroup=1 /;
  expect((await compiled()).out).not.toMatch(first);
  expect((await compiled('--schedule', 'k00=workgroup=1')).out).toMatch(first);
  expect((await compiled('--schedule', file('by-hand.json'))).out).toMatch(first);
  const wrong = await compiled('--schedule', 'k00=workgroup=5');
  expect(wrong.code).toBe(1);
  expect(wrong.err).toMatch(
    /^error\[NN0509\]: `workgroup=5` is not legal for `k00_\w+`\nhelp: legal here: workgroup=1\|/,
  );
  expect((await compiled('--schedule', 'k00')).code).toBe(2);
});

test('compile --bisect-passes: every stage of every program agrees with the interpreter', async () => {
  const { stdout } = quiet(await nnc('compile', 'points.nn', '--bisect-passes', '--batch', '3'));
  expect(stdout.match(/^\S+@3$/gm)).toEqual(['train@3', 'eval@3', 'predict@3']);
  expect(stdout.match(/✓ {2}kernels, fused, on the device/g)).toHaveLength(3);
  expect(stdout).not.toContain('✗');
  expect(stdout).toMatch(/every stage computes what the interpreter does\n$/);
});

test('doctor: what was found, its limits, how to get a faster one', async () => {
  const { stdout } = quiet(await nnc('doctor'));
  expect(stdout).toMatch(/^nnc \d+\.\d+\.\d+ on Node v\d+/);
  expect(stdout).toMatch(/✓ .*taken/);
  expect(stdout).toMatch(/maxStorageBuffersPerShaderStage +\d+/);
  expect(stdout).toMatch(/\nmeasured (now|earlier), for --measured\n {2}memory +[\d.]+ GB\/s/);
  for (const section of ['adapter', 'limits', 'for more speed'])
    expect(stdout).toContain(`\n${section}\n`);
});

test('data show: the columns, and a contact sheet', async () => {
  const { stdout } = quiet(await nnc('data', 'show', 'glyphs', '-o', 'sheet.png'));
  expect(stdout).toContain('image     u8[28, 28]   from 0 to 255');
  expect(stdout).toMatch(/contact sheet {2}sheet\.png, \d+ kB\n$/);
  expect([...readFileSync(file('sheet.png')).subarray(1, 4)]).toEqual([...Buffer.from('PNG')]);
});
