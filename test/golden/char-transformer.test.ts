/**
 * models/char_transformer.nn against PyTorch, loss by loss: 20 steps of AdamW from given weights on the
 * first characters of Tiny Shakespeare, in the interpreter and on the device.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { elaborate } from '../../compiler/elaborate/elaborate.ts';
import { ndArray } from '../../compiler/graph/nd-array.ts';
import { portable } from '../../compiler/schedule/device.ts';
import { parse } from '../../grammar/parse.ts';
import { trainOnDevice } from '../support/device-training.ts';
import { initialState, interpretedTrainer } from '../support/model.ts';
import { closeTestDevice, profileOf, testDevice } from '../support/run-graph.ts';
import { closeTo } from './close-to.ts';
import { goldenFolder, readTensors } from './load.ts';
import { tensorIn } from './optimizers.ts';

afterAll(closeTestDevice);

const dataFolder =
  process.env['NNC_TEST_DATA'] ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));
const textFile = join(dataFolder, 'text/tinyshakespeare.txt');
const hasText = existsSync(textFile);
if (!hasText)
  console.log(`e2e.char_transformer skipped: there is no ${textFile} (set NNC_TEST_DATA)`);

interface Case {
  readonly id: string;
  readonly vocab: string;
  readonly losses: readonly number[];
  readonly atol_loss: number;
  readonly atol_param: number;
  readonly atol_param_exceptions: Readonly<Record<string, number>>;
}
const { cases } = JSON.parse(readFileSync(join(goldenFolder, 'e2e.json'), 'utf8')) as {
  cases: Case[];
};
const [BATCH, T] = [8, 32];

/** The golden file's names of our parameters. */
const weightOf: Readonly<Record<string, string>> = {
  position: 'pos',
  'embedding.table': 'tok',
  'blocks.0.block.layer_norm.gamma': 'l0.ln1g',
  'blocks.0.block.layer_norm.beta': 'l0.ln1b',
  'blocks.0.block.attention.qkv.W': 'l0.wqkv',
  'blocks.0.block.attention.qkv.b': 'l0.bqkv',
  'blocks.0.block.attention.proj.W': 'l0.wo',
  'blocks.0.block.attention.proj.b': 'l0.bo',
  'blocks.0.block.layer_norm_1.gamma': 'l0.ln2g',
  'blocks.0.block.layer_norm_1.beta': 'l0.ln2b',
  'blocks.0.block.ffn.dense.W': 'l0.w1',
  'blocks.0.block.ffn.dense.b': 'l0.b1',
  'blocks.0.block.ffn.dense_1.W': 'l0.w2',
  'blocks.0.block.ffn.dense_1.b': 'l0.b2',
  'layer_norm.gamma': 'lnfg',
  'layer_norm.beta': 'lnfb',
  'head.W': 'head',
};

/** The model of the file at the golden case's sizes and settings: no clipping there. */
function goldenModel() {
  const name = 'models/char_transformer.nn';
  const text = readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8').replace(
    /clip: .*\n/,
    '',
  );
  const source = { name, text };
  const { model, diagnostics } = elaborate(parse(source).file, {
    source,
    set: { d: 32, ctx: T },
    optimizer: 'adamw(lr=0.003, beta1=0.9, beta2=0.95, eps=1e-8, decay=0.1)',
  });
  expect(diagnostics).toEqual([]);
  if (model === undefined) throw new Error('no model');
  expect(model.params.map((p) => p.path).sort()).toEqual(Object.keys(weightOf).sort());
  return model;
}

/** Row i of step s begins at character (s · 8 + i) · 32; the targets are one later. */
function batchAt(numbers: readonly number[], step: number): { text: number[]; next: number[] } {
  const from = step * BATCH * T;
  return {
    text: numbers.slice(from, from + BATCH * T),
    next: numbers.slice(from + 1, from + BATCH * T + 1),
  };
}

test.runIf(hasText)('e2e.char_transformer, loss by loss', { timeout: 300_000 }, async () => {
  const c = cases.find((one) => one.id === 'e2e.char_transformer');
  if (c === undefined) throw new Error('no e2e.char_transformer');
  const tensors = readTensors(join(goldenFolder, 'e2e.safetensors'));
  const numbers = [...readFileSync(textFile, 'latin1').slice(0, 20_000)].map((character) =>
    c.vocab.indexOf(character),
  );
  const model = goldenModel();
  const dims = { batch: BATCH, t: T };
  const steps = c.losses.length;
  const start = new Map(
    Object.entries(weightOf).map(
      ([path, w]) => [path, tensorIn(tensors, `char_transformer/init/${w}`)] as const,
    ),
  );
  const state = initialState(model, start);
  const trainStep = interpretedTrainer(model, dims, state);
  const interpreted = c.losses.map((_, step) => {
    const { text, next } = batchAt(numbers, step);
    return trainStep(
      new Map([
        ['text', ndArray('i32', [BATCH, T], text)],
        ['next', ndArray('i32', [BATCH, T], next)],
      ]),
    );
  });
  closeTo(interpreted, c.losses, 1e-7, 1e-7, 'loss');

  for (const profile of [profileOf(await testDevice()), portable]) {
    const run = await trainOnDevice(
      model,
      dims,
      profile,
      initialState(model, start),
      steps,
      (step) => {
        const { text, next } = batchAt(numbers, step);
        return { text: Uint8Array.from(text), next: Uint8Array.from(next) };
      },
      [steps],
    );
    closeTo(run.losses, c.losses, 0, c.atol_loss, 'loss');
    for (const [path, w] of Object.entries(weightOf))
      closeTo(
        run.snapshots.get(steps)?.get(path)?.data ?? [],
        tensorIn(tensors, `char_transformer/final/${w}`).data,
        0,
        c.atol_param_exceptions[w] ?? c.atol_param,
        path,
      );
  }
});
