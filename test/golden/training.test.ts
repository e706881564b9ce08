/**
 * Whole training runs against PyTorch: every SGD case of the optimizers, with weights after 5, 10, 15
 * and 20 steps, and the digits MLP loss by loss. The models are texts in our language, so the whole
 * way is tested: parser, elaborator, gradients, optimizer, interpreter; and kernels on the device.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { type NdArray, ndArray } from '../../compiler/graph/nd-array.ts';
import { portable } from '../../compiler/schedule/device.ts';
import { trainOnDevice } from '../support/device-training.ts';
import { initialState, interpretedTrainer, modelOf } from '../support/model.ts';
import { profileOf, testDevice } from '../support/run-graph.ts';
import { goldenFolder, readTensors } from './load.ts';

afterAll(async () => (await testDevice()).close());

interface OptimizerCase {
  readonly id: string;
  readonly optimizer: string;
  readonly hyper: Readonly<Record<string, number | boolean>>;
  readonly losses: readonly number[];
  readonly rtol: number;
  readonly atol: number;
}

const index = JSON.parse(readFileSync(join(goldenFolder, 'optim.json'), 'utf8')) as {
  optim: { snapshots: number[]; cases: OptimizerCase[] };
};
const stored = readTensors(join(goldenFolder, 'optim.safetensors'));
const tensor = (tensors: ReadonlyMap<string, NdArray>, name: string): NdArray => {
  const found = tensors.get(name);
  if (found === undefined) throw new Error(`no golden tensor ${name}`);
  return found;
};

/** PyTorch's SGD in our language: weight decay in the gradient, and a momentum that starts at the first gradient. */
const sgdModel = (h: OptimizerCase['hyper']): string => `
layer torch_sgd(lr, mu, dampening, decay, nesterov)(p, g) {
  let d = g + decay * p
  state v = zeros_like(p)
  let v1 = where(step < 1, d, mu * v + (1 - dampening) * d)
  update v = v1
  return p - lr * (if nesterov then d + mu * v1 else if mu == 0 then d else v1)
}
input x: f32[n, 8]
input y: i32[n]
let logits = x |> dense(16) |> tanh |> dense(4)
loss = softmax_crossentropy(logits, y)
train { optimizer: torch_sgd(${Number(h['lr'])}, ${Number(h['momentum'] ?? 0)}, ${Number(h['dampening'] ?? 0)}, ${Number(h['weight_decay'] ?? 0)}, ${h['nesterov'] === true}) }
`;
const weightOf: Readonly<Record<string, string>> = {
  'dense.W': 'w0',
  'dense.b': 'b0',
  'dense_1.W': 'w1',
  'dense_1.b': 'b1',
};

function closeTo(
  got: ArrayLike<number>,
  want: ArrayLike<number>,
  rtol: number,
  atol: number,
  what: string,
): void {
  const wrong = Array.from(want).flatMap((w, i) => {
    const g = got[i] ?? Number.NaN;
    return Math.abs(g - w) <= atol + rtol * Math.abs(w) ? [] : [`${what}[${i}]: ${g}, not ${w}`];
  });
  expect(got.length).toBe(want.length);
  expect(wrong).toEqual([]);
}

describe('SGD', () => {
  const cases = index.optim.cases.filter((c) => c.optimizer === 'SGD');
  test('there are seven cases', () => {
    expect(cases.length).toBe(7);
  });
  test.each(cases)('$id', async (c) => {
    const model = modelOf(sgdModel(c.hyper));
    const start = new Map(
      Object.entries(weightOf).map(([path, w]) => [path, tensor(stored, `init/${w}`)] as const),
    );
    const dims = { n: 32 };
    const [x, y] = [tensor(stored, 'x'), tensor(stored, 'y')];
    const name = c.id.replace('optim.', '');

    const state = initialState(model, start);
    const step = interpretedTrainer(model, dims, state);
    const batch = new Map([
      ['x', x],
      ['y', y],
    ]);
    c.losses.forEach((want, i) => {
      closeTo([step(batch)], [want], 1e-9, 1e-9, `loss ${i}`);
      if (!index.optim.snapshots.includes(i + 1)) return;
      for (const [path, w] of Object.entries(weightOf))
        closeTo(
          tensor(state, path).data,
          tensor(stored, `${name}/step${i + 1}/${w}`).data,
          1e-6,
          1e-6,
          path,
        );
    });

    for (const profile of [profileOf(await testDevice()), portable]) {
      const run = await trainOnDevice(
        model,
        dims,
        profile,
        initialState(model, start),
        c.losses.length,
        () => ({ x: Float32Array.from(x.data), y: Int32Array.from(y.data) }),
        index.optim.snapshots,
      );
      closeTo(run.losses, c.losses, c.rtol, c.atol, 'loss');
      for (const after of index.optim.snapshots)
        for (const [path, w] of Object.entries(weightOf))
          closeTo(
            run.snapshots.get(after)?.get(path)?.data ?? [],
            tensor(stored, `${name}/step${after}/${w}`).data,
            c.rtol,
            c.atol,
            `${path} after ${after}`,
          );
    }
  });
});

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
      ([path, w]) => [path, tensor(tensors, `mlp_digits/init/${w}`)] as const,
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
      tensor(tensors, `mlp_digits/final/${w}`).data,
      0,
      c.atol_param,
      path,
    );
});
