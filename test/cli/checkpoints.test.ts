/** Checkpoints, interrupts, early stopping and the log, through the command; what it refuses, and that nothing is lost then. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../cli/program.ts';
import { decodeSafetensors, encodeSafetensors } from '../../data/index.ts';
import { memoryTerminal } from './memory-terminal.ts';
import {
  createWorkplace,
  nncHere,
  pointsCsv,
  pointsModel,
  projectFolder,
  type Workplace,
} from './run-nnc.ts';

let place: Workplace;
beforeAll(async () => {
  place = createWorkplace();
  place.write('points.csv', pointsCsv);
  place.write('points.nn', pointsModel);
  process.chdir(place.folder);
  expect(
    (await nnc('train', 'points.nn', '--checkpoint', 'run.ckpt', '-o', 'w.safetensors')).code,
  ).toBe(0);
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

const bytes = (name: string) => new Uint8Array(readFileSync(name));
const eventsOf = (name: string) =>
  readFileSync(name, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

test('Ctrl-C: saves, says how to go on, and going on ends as an uninterrupted run', async () => {
  const words = ['train', 'points.nn', '--epochs', '400', '-o'];
  const options = ['--checkpoint', 'stopped.ckpt', '--log', 'stopped.jsonl'];
  const ran = await place.interrupted(
    'epoch  ',
    'SIGINT',
    ...words,
    'stopped.safetensors',
    ...options,
  );
  expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 130, stderr: '' });
  expect(ran.stdout).toMatch(/resumable stopped\.ckpt, [\d.]+ kB, after step \d+\n/);
  expect(ran.stdout).toMatch(/\nthe same command with --resume goes on from there\n$/);
  const again = await nncHere(...words, 'stopped.safetensors', ...options);
  expect(again.code).toBe(1);
  expect(again.stderr).toMatch(
    /^error: --checkpoint: stopped\.ckpt holds a run that is not at its end: it has made \d+ steps\nhelp: --resume goes on with it; to begin anew, remove stopped\.ckpt, or give another file with --checkpoint\n$/,
  );
  const resumed = await nncHere(...words, 'stopped.safetensors', ...options, '--resume');
  expect(resumed).toMatchObject({ code: 0, stderr: '' });
  expect(resumed.stdout).toMatch(/^resumed {3}stopped\.ckpt, after step \d+ of 1200$/m);
  expect((await nncHere(...words, 'whole.safetensors', '--log', 'whole.jsonl')).code).toBe(0);
  expect(bytes('stopped.safetensors')).toEqual(bytes('whole.safetensors'));
  const epochs = (name: string) =>
    eventsOf(name).flatMap(({ event, epoch, train }) =>
      event === 'epoch' ? [[epoch, train]] : [],
    );
  expect(epochs('stopped.jsonl')).toEqual(epochs('whole.jsonl'));
  expect(
    eventsOf('stopped.jsonl')
      .map(({ event }) => event)
      .filter((event) => event !== 'epoch'),
  ).toEqual(['start', 'checkpoint', 'end', 'start', 'checkpoint', 'end']);
});

test('--resume alone begins where there is no checkpoint yet; at the end, nothing is left to do', async () => {
  const words = [
    'train',
    'points.nn',
    '--resume',
    '--checkpoint-every',
    '5',
    '-o',
    'r.safetensors',
  ];
  const first = await nnc(...words);
  expect(first.out).toContain('resumed   nothing: there is no points.checkpoint.safetensors yet\n');
  const before = bytes('r.safetensors');
  const second = await nnc(...words);
  expect(second).toMatchObject({ code: 0, err: '' });
  expect(second.out).toContain('resumed   points.checkpoint.safetensors, after step 12 of 12\n');
  expect(bytes('r.safetensors')).toEqual(before);
});

describe('kernels of the part before', () => {
  const warned =
    'warning[NN0510]: k.ckpt: the run goes on with other kernels, so that its last bits may not be those of a run without the cut\n';
  const trained = async (file: string, steps: number, ...words: readonly string[]) => {
    const all = ['train', 'points.nn', '--steps', String(steps), '-o', file, ...words];
    const { code, err } = await nnc(...all);
    expect(code, err).toBe(0);
    return err;
  };
  const begin = async (...words: readonly string[]) => {
    rmSync('k.ckpt', { force: true });
    expect(await trained('k.safetensors', 5, '--checkpoint', 'k.ckpt', ...words)).toBe('');
  };
  const goOn = async (...words: readonly string[]) =>
    await trained('k.safetensors', 9, '--resume', 'k.ckpt', ...words);

  /** Settings of the first kernel: those that it has, and others. */
  const settings = async () => {
    const { out } = await nnc('compile', 'points.nn', '--emit', 'schedules');
    const [, lines = ''] = /^k00_.*\n((?: {2}.*\n)+)/m.exec(out) ?? [];
    const found = [...lines.matchAll(/^ {2}([> ]) .*\) {2}contract (.*)$/gm)];
    const pick = (mark: string) => found.findLast(([, one]) => one === mark)?.[2] ?? '';
    return { chosen: pick('>'), other: pick(' ') };
  };

  test('others are warned of; as before, the end is that of a run without a cut', async () => {
    const { other } = await settings();
    const byHand = ['--schedule', `k00=${other}`];
    await begin(...byHand);
    const saved = bytes('k.ckpt');
    expect(await goOn()).toBe(
      `${warned}  --schedule: k00="${other}" there, none here\nhelp: for the same bits, give \`--schedule k00="${other}"\`\n`,
    );
    writeFileSync('k.ckpt', saved);
    expect(await goOn(...byHand)).toBe('');
    expect(await trained('whole.safetensors', 9, ...byHand)).toBe('');
    expect(bytes('k.safetensors')).toEqual(bytes('whole.safetensors'));
  });

  test('from then on the new ones count; a schedule by hand that was chosen anyway is no other', async () => {
    const { chosen, other } = await settings();
    await begin();
    const saved = bytes('k.ckpt');
    const byHand = ['--schedule', `k00=${other}`];
    expect(await goOn(...byHand)).toBe(
      `${warned}  --schedule: none there, k00="${other}" here\nhelp: for the same bits, leave out \`--schedule\`\n`,
    );
    expect(await goOn(...byHand)).toBe('');
    writeFileSync('k.ckpt', saved);
    expect(await goOn('--schedule', `k00=${chosen}`)).toBe('');
  });

  test('a checkpoint of an earlier version says nothing of them', async () => {
    const { other } = await settings();
    await begin('--schedule', `k00=${other}`);
    const { tensors, metadata } = decodeSafetensors(bytes('k.ckpt'), 'k.ckpt');
    const { kernels, ...run } = JSON.parse(metadata['run'] ?? '');
    expect(kernels).toMatchObject({ schedules: { k00: other }, measured: false });
    const older = { ...metadata, run: JSON.stringify(run) };
    writeFileSync('k.ckpt', encodeSafetensors(tensors, older));
    expect(await goOn()).toBe('');
  });

  test('another device', async () => {
    await begin();
    const { tensors, metadata } = decodeSafetensors(bytes('k.ckpt'), 'k.ckpt');
    const { device, ...run } = JSON.parse(metadata['run'] ?? '');
    const moved = { ...metadata, run: JSON.stringify({ ...run, device: 'an abacus' }) };
    writeFileSync('k.ckpt', encodeSafetensors(tensors, moved));
    expect(await goOn()).toBe(
      `${warned.replace('other kernels', 'another device')}  device: an abacus there, ${device} here\nhelp: for the same bits, go on with the device that it began on\n`,
    );
  });
});

test('a checkpoint is a weights file too, and weights begin a new run', async () => {
  const [fromCheckpoint, fromWeights] = await Promise.all(
    ['run.ckpt', 'w.safetensors'].map((file) => nnc('eval', 'points.nn', '--weights', file)),
  );
  expect(fromCheckpoint).toEqual(fromWeights);
  const { code, out } = await nnc('train', 'points.nn', '--weights', 'run.ckpt', '--epochs', '1');
  expect(code).toBe(0);
  const fresh = await nnc('train', 'points.nn', '--epochs', '1');
  const loss = (text: string): number => Number(/epoch 1\/1 {3}loss (\S+)/.exec(text)?.[1]);
  expect(loss(out)).toBeLessThan(loss(fresh.out));
});

describe('early stopping', () => {
  test('patience ends it, and the best weights remain', async () => {
    place.write('patient.nn', pointsModel.replace('seed: 1', 'seed: 1  patience: 2  min_delta: 5'));
    const words = ['train', 'patient.nn', '--validation', '0.3333', '--epochs', '50'];
    const { code, out } = await nnc(...words, '-o', 'best.safetensors');
    expect(code).toBe(0);
    expect(out).toContain(
      'watched   validation loss, less is better by more than 5; ends after 2 epochs without a better one\n',
    );
    expect(out).toMatch(/^trained {3}ended early after step 6 of 100, in epoch 3 of 50 in /m);
    expect(out).toMatch(/^best {6}epoch 1, validation loss \d\.\d{4}; its weights are kept$/m);
    expect(decodeSafetensors(bytes('best.safetensors'), 'best').metadata).toEqual({
      model: 'patient',
      steps: '2',
    });
    // The same as the weights of a run that ends there.
    await nnc(
      'train',
      'patient.nn',
      '--validation',
      '0.3333',
      '--epochs',
      '1',
      '-o',
      'one.safetensors',
    );
    expect(bytes('best.safetensors')).toEqual(bytes('one.safetensors'));
    await nnc(...words, '--keep', 'last', '-o', 'last.safetensors');
    expect(decodeSafetensors(bytes('last.safetensors'), 'last').metadata['steps']).toBe('6');
  });

  test('a name that is not measured, or rows that are not there', async () => {
    const wrong = await nnc('train', 'points.nn', '--monitor', 'acuracy');
    expect(wrong).toMatchObject({ code: 2 });
    expect(wrong.err).toBe(
      'error: --monitor: the file has no loss or metric `acuracy`\nhelp: did you mean `accuracy`?\n',
    );
    const none = await nnc('train', 'points.nn', '--monitor', 'val_loss');
    expect(none.err).toContain('--monitor: there are no rows to validate on\nhelp: set some apart');
  });
});

describe('refused, and the file stays as it was', () => {
  type Metadata = Readonly<Record<string, string>>;
  const edited = (change: (metadata: Metadata) => Metadata) => (): Uint8Array => {
    const { tensors, metadata } = decodeSafetensors(bytes('run.ckpt'), 'run.ckpt');
    return encodeSafetensors(tensors, change(metadata));
  };
  const without = (name: string) => (): Uint8Array => {
    const { tensors, metadata } = decodeSafetensors(bytes('run.ckpt'), 'run.ckpt');
    return encodeSafetensors(new Map([...tensors].filter(([key]) => key !== name)), metadata);
  };
  const state = (text: string) => edited((metadata) => ({ ...metadata, state: text }));

  test.each<[string, () => Uint8Array, string]>([
    ['empty', () => new Uint8Array(), 'a safetensors file opens with 8 bytes, this one has 0'],
    ['cut short', () => bytes('run.ckpt').subarray(0, -100), 'the file may have been cut short'],
    ['text', () => Buffer.from('no checkpoint at all'), 'no safetensors file: it opens with'],
    ['weights', () => bytes('w.safetensors'), 'this is no checkpoint'],
    [
      'of a later format',
      edited((m) => ({ ...m, checkpoint: '7' })),
      'a checkpoint of format 7; this version of nnc reads format 1',
    ],
    ['no JSON', state('{'), 'this checkpoint is damaged: `state` should be JSON, and is "{"'],
    [
      'a negative step',
      state('{"step":-1,"monitor":{"waited":0}}'),
      '`state.step` should be a whole number from 0 on, and is -1',
    ],
    [
      'a step of its own',
      state('{"step":9,"monitor":{"waited":0}}'),
      'its parts are of different steps',
    ],
    [
      'a sum that is none',
      state(
        '{"step":12,"round":{"collected":1,"onDevice":0,"totals":{"loss":"x"},"sums":{}},"monitor":{"waited":0}}',
      ),
      '`state.round.totals.loss` should be a number as text, and is "x"',
    ],
    ['no run', edited(({ run: _, ...m }) => m), '`run` should be JSON, and is missing'],
    ['a slot missing', without('train/slot/dense.W/m'), '`dense.W/m` f32[2, 4] is missing'],
    ['a weight missing', without('dense.W'), '`dense.W` f32[2, 4] is missing'],
    [
      'another model’s',
      edited((m) => ({ ...m, run: (m['run'] ?? '').replace(/"model":"\w+"/, '"model":"0"') })),
      'the model computes something else',
    ],
  ])('%s', async (_, content, message) => {
    const before = content();
    writeFileSync('bad.ckpt', before);
    const { code, err } = await nnc('train', 'points.nn', '--resume', 'bad.ckpt');
    expect(code).toBe(1);
    expect(err).toMatch(/^error/);
    expect(err).toContain(message);
    expect(bytes('bad.ckpt')).toEqual(new Uint8Array(before));
  });

  test.each<[readonly string[], string]>([
    [['--seed', '7'], 'seed: 1 there, 7 here'],
    [['--batch', '8'], 'batch: 16 there, 8 here'],
    [['--no-shuffle'], 'shuffle: true there, false here'],
    [['--limit', '30'], 'rows to train on: 48 of points.csv there, 30 of points.csv here'],
    [['--validation', '0.5'], 'rows to validate: none there, 24 of points.csv here'],
    [['--data', 'other.csv'], 'rows to train on: 48 of points.csv there, 48 of other.csv here'],
    [['--lr', '0.1'], 'the model computes something else'],
    [['--set', 'width=5'], '`dense.W` is f32[2, 4]; the model has f32[2, 5]'],
    [['--steps', '5'], 'run.ckpt has made 12 steps; this run is to make 5 altogether'],
  ])('%j', async (words, message) => {
    place.write('other.csv', pointsCsv.replace('-1.00,-1.00', '-1.00,-0.99'));
    const { code, err } = await nnc('train', 'points.nn', '--resume', 'run.ckpt', ...words);
    expect(code).toBe(1);
    expect(err).toContain(message);
  });

  test('what is no finished checkpoint is never overwritten', async () => {
    const { code, err } = await nnc('train', 'points.nn', '--checkpoint', 'w.safetensors');
    expect({ code, err }).toEqual({
      code: 1,
      err: 'error: --checkpoint: w.safetensors is there and is no checkpoint\nhelp: remove w.safetensors, or give another file with --checkpoint\n',
    });
  });

  test('a loss or a weight that is no number leaves the last good checkpoint', async () => {
    place.write(
      'wild.nn',
      // The weight is infinite from step 6 on, the loss, which does not see it at once, a step later.
      'input a: f32[n]\nparam w: f32 = 1\nlet lr = where(step < 5, 0.1, 3e38)\nloss = mean(w * w) + 0 * mean(a)\nupdate w = w - lr * 100 * w\ntrain { data: "points.csv"  batch: 8  epochs: 4 }\n',
    );
    const { code, err } = await nnc(
      'train',
      'wild.nn',
      '--checkpoint',
      'wild.ckpt',
      '--checkpoint-every',
      '1',
    );
    expect(code).toBe(1);
    expect(err).toMatch(/^error\[NN0506\]: /);
    expect(err).toContain('wild.ckpt holds the run after step 5');
    const { tensors } = decodeSafetensors(bytes('wild.ckpt'), 'wild.ckpt');
    expect(Number.isFinite(tensors.get('w')?.values[0])).toBe(true);
  });
});

test('what a killed process left beside a file goes away with the next run', async () => {
  writeFileSync('.left.ckpt.999999999.new', 'half');
  writeFileSync('.left.ckpt.1.new', 'of a process that runs');
  await nnc('train', 'points.nn', '--steps', '1', '--checkpoint', path.join('left.ckpt'));
  expect(readdirSync('.').filter((name) => name.startsWith('.left'))).toEqual(['.left.ckpt.1.new']);
});

test('a log that ended in half a line goes on with a whole one; earlier runs stay', async () => {
  const words = ['train', 'points.nn', '--epochs', '2', '--log', 'two.jsonl'];
  await nnc(...words);
  writeFileSync('two.jsonl', `${readFileSync('two.jsonl', 'utf8')}{"event":"epo`);
  await nnc(...words);
  expect(eventsOf('two.jsonl').map(({ event }) => event)).toEqual(
    Array.from({ length: 2 }, () => ['start', 'epoch', 'epoch', 'end']).flat(),
  );
});
