/**
 * Training that is killed again and again, at random moments and often in the middle of a write, ends as if nobody
 * had touched it. Five kills here; `npm run test:kill` makes fifty (NNC_KILLS and NNC_KILL_SEED change both).
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeSafetensors } from '../../data/index.ts';
import { createRandom } from '../../data/random.ts';
import { createWorkplace, pointsCsv, projectFolder, type Workplace } from './run-nnc.ts';

const KILLS = Number(process.env['NNC_KILLS'] ?? 5);
const SEED = Number(process.env['NNC_KILL_SEED'] ?? Date.now() % 100_000);
/** A kill comes so long after the first step at most. */
const LONGEST_MS = 700;

// Slots, a state, random numbers, a short last batch, validation; large enough that writing takes its time.
const model = `
input a: f32[batch]
input b: f32[batch]
input label: u8[batch]
let x = concat([a[:, None], b[:, None]], axis=1)
let logits = x |> dense(192) |> batch_norm |> tanh |> dropout(0.2) |> dense(192) |> tanh |> dense(2)
loss = softmax_crossentropy(logits, label)
metric accuracy = accuracy(logits, label)
train { data: "points.csv"  optimizer: adam(lr=0.005)  batch: 12  epochs: 60  seed: 5  validation: 0.2 }
`;

let place: Workplace;
beforeAll(() => {
  place = createWorkplace(120_000);
  place.write('points.csv', pointsCsv);
  place.write('net.nn', model);
});
afterAll(() => place.remove());

const file = (name: string): string => path.join(place.folder, name);
const words = (name: string): readonly string[] => [
  'train',
  'net.nn',
  ...['-o', `${name}.safetensors`, '--keep', 'best', '--log', `${name}.jsonl`],
];
const checkpointed = [
  ...words('killed'),
  ...['--checkpoint', 'killed.ckpt', '--checkpoint-every', '1', '--resume'],
];

/** Starts it, and kills it some time after its first step or, now and then, after its start. Its exit code, null when killed. */
async function killed(random: () => number): Promise<number | null> {
  const child = spawn(process.execPath, [path.join(projectFolder, 'bin/nnc.js'), ...checkpointed], {
    cwd: place.folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const early = random() < 0.15;
  const begun = new Promise<void>((resolve) => {
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      if (early || stdout.includes('compiled')) resolve();
    });
  });
  await Promise.race([begun, ended]);
  await Promise.race([sleep(random() * LONGEST_MS), ended]);
  child.kill('SIGKILL');
  const code = await ended;
  expect(stderr).toBe('');
  return code;
}

const tensorsOf = (name: string) =>
  [...decodeSafetensors(new Uint8Array(readFileSync(file(name))), name).tensors].map(
    ([key, { values }]) => [key, Buffer.from(values.buffer, values.byteOffset, values.byteLength)],
  );

/** What the log says of epochs, in order, without times. */
const epochsOf = (name: string) =>
  readFileSync(file(name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
    .flatMap(({ event, step, epoch, train, validation }) =>
      event === 'epoch' || event === 'best' ? [{ event, step, epoch, train, validation }] : [],
    );

test(`killed ${KILLS} times, ends bit-equal to a run that was left alone`, {
  timeout: 120_000 + KILLS * 60_000,
}, async () => {
  console.log(`seed ${SEED}: NNC_KILL_SEED=${SEED} repeats the moments`);
  const random = createRandom(SEED, 0, 0);
  const whole = await place.nnc(
    ...words('whole'),
    ...['--checkpoint', 'whole.ckpt', '--checkpoint-every', '10h'],
  );
  expect(whole).toMatchObject({ code: 0, stderr: '' });

  let runs = 0;
  let inWrite = 0;
  const finished = async (): Promise<void> => {
    const { code, stderr } = await place.nnc(...checkpointed);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    runs += 1;
    expect(readFileSync(file('killed.safetensors'))).toEqual(
      readFileSync(file('whole.safetensors')),
    );
    // Also the optimizer's slots, the states and the best weights.
    expect(tensorsOf('killed.ckpt')).toEqual(tensorsOf('whole.ckpt'));
    expect(epochsOf('killed.jsonl')).toEqual(epochsOf('whole.jsonl'));
    expect(readdirSync(place.folder).filter((name) => name.startsWith('.'))).toEqual([]);
    for (const name of ['killed.ckpt', 'killed.safetensors', 'killed.jsonl']) rmSync(file(name));
  };
  for (let kill = 0; kill < KILLS; kill += 1) {
    const code = await killed(random);
    inWrite += readdirSync(place.folder).filter((name) => name.endsWith('.new')).length;
    // It was at its end already: the next one begins anew.
    if (code !== null) await finished();
  }
  await finished();
  console.log(`${KILLS} kills, ${inWrite} of them in the middle of a write, over ${runs} runs`);
});
