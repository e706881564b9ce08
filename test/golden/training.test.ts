/**
 * Whole training runs against PyTorch, loss by loss, in the interpreter and on the device: the digits
 * MLP. The model is a text in our language.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, test } from 'vitest';
import { ndArray } from '../../compiler/graph/nd-array.ts';
import { trainOnDevice } from '../support/device-training.ts';
import { initialState, interpretedTrainer, modelOf } from '../support/model.ts';
import { closeTestDevice, profileOf, testDevice } from '../support/run-graph.ts';
import { closeTo } from './close-to.ts';
import { goldenFolder, readTensors } from './load.ts';
import { tensorIn } from './optimizers.ts';

afterAll(closeTestDevice);

const weightOf: Readonly<Record<string, string>> = {
  'dense.W': 'w0',
  'dense.b': 'b0',
  'dense_1.W': 'w1',
  'dense_1.b': 'b1',
};

const dataFolder =
  process.env['NNC_TEST_DATA'] ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));
const digitsFile = join(dataFolder, 'sklearn/digits.csv.gz');
const hasDigits = existsSync(digitsFile);
if (!hasDigits)
  console.log(`e2e.mlp_digits skipped: there is no ${digitsFile} (set NNC_TEST_DATA)`);

test.runIf(hasDigits)('e2e.mlp_digits, loss by loss', async () => {
  const e2e = JSON.parse(readFileSync(join(goldenFolder, 'e2e.json'), 'utf8')) as {
    cases: {
      id: string;
      losses: number[];
      atol_loss: number;
      atol_param: number;
      test_acc: number;
    }[];
  };
  const c = e2e.cases.find((one) => one.id === 'e2e.mlp_digits');
  if (c === undefined) throw new Error('no e2e.mlp_digits');
  const tensors = readTensors(join(goldenFolder, 'e2e.safetensors'));
  const model = modelOf(`
    input pixels: u8[n, 64]
    input label: u8[n]
    let logits = cast(pixels, f32) / 16 |> dense(32) |> relu |> dense(10)
    loss = softmax_crossentropy(logits, label)
    train { optimizer: sgd(lr=0.5) }
  `);
  const rows = gunzipSync(readFileSync(digitsFile))
    .toString('utf8')
    .trim()
    .split('\n')
    .slice(0, 1437)
    .map((line) => line.split(',').map(Number));
  const pixels = rows.flatMap((r) => r.slice(0, 64));
  const labels = rows.map((r) => r[64] ?? 0);
  const dims = { n: 1437 };
  const start = new Map(
    Object.entries(weightOf).map(
      ([path, w]) => [path, tensorIn(tensors, `mlp_digits/init/${w}`)] as const,
    ),
  );

  const state = initialState(model, start);
  const step = interpretedTrainer(model, dims, state);
  const batch = new Map([
    ['pixels', ndArray('i32', [1437, 64], pixels)],
    ['label', ndArray('i32', [1437], labels)],
  ]);
  const interpreted = c.losses.slice(0, 5).map(() => step(batch));
  closeTo(interpreted, c.losses.slice(0, 5), 1e-9, 1e-9, 'loss');

  const given = { pixels: Uint8Array.from(pixels), label: Uint8Array.from(labels) };
  const last = c.losses.length;
  const run = await trainOnDevice(
    model,
    dims,
    profileOf(await testDevice()),
    initialState(model, start),
    last,
    () => given,
    [last],
  );
  closeTo(run.losses, c.losses, 0, c.atol_loss, 'loss');
  for (const [path, w] of Object.entries(weightOf))
    closeTo(
      run.snapshots.get(last)?.get(path)?.data ?? [],
      tensorIn(tensors, `mlp_digits/final/${w}`).data,
      0,
      c.atol_param,
      path,
    );
});
