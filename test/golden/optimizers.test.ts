/**
 * All golden optimizer settings as layers of the prelude, against PyTorch: losses step by step and
 * weights after 5, 10, 15 and 20 steps. The models are texts, so the whole way is tested: parser,
 * elaborator, gradients, optimizer, interpreter; and kernels on the device.
 */
import { afterAll, expect, test } from 'vitest';
import { portable } from '../../compiler/schedule/device.ts';
import { trainOnDevice } from '../support/device-training.ts';
import { initialState, interpretedTrainer, modelOf } from '../support/model.ts';
import { closeTestDevice, profileOf, testDevice } from '../support/run-graph.ts';
import { closeTo } from './close-to.ts';
import {
  type OptimizerCase,
  optimizerCases,
  optimizerTensor,
  optimizerText,
  snapshots,
  tensorIn,
} from './optimizers.ts';

afterAll(closeTestDevice);

const modelWith = (optimizer: string) =>
  modelOf(`
    input x: f32[n, 8]
    input y: i32[n]
    let logits = x |> dense(16) |> tanh |> dense(4)
    loss = softmax_crossentropy(logits, y)
    train { optimizer: ${optimizer} }
  `);
const weightOf: Readonly<Record<string, string>> = {
  'dense.W': 'w0',
  'dense.b': 'b0',
  'dense_1.W': 'w1',
  'dense_1.b': 'b1',
};
const start = new Map(
  Object.entries(weightOf).map(([path, w]) => [path, optimizerTensor(`init/${w}`)] as const),
);
const dims = { n: 32 };
const [x, y] = [optimizerTensor('x'), optimizerTensor('y')];

test('there are 21 settings', () => {
  expect(optimizerCases.length).toBe(21);
});

async function check(c: OptimizerCase, optimizer: string): Promise<void> {
  const model = modelWith(optimizer);
  const name = c.id.replace('optim.', '');
  const state = initialState(model, start);
  const step = interpretedTrainer(model, dims, state);
  const batch = new Map([
    ['x', x],
    ['y', y],
  ]);
  c.losses.forEach((want, i) => {
    closeTo([step(batch)], [want], 1e-9, 1e-9, `loss ${i}`);
    if (!snapshots.includes(i + 1)) return;
    for (const [path, w] of Object.entries(weightOf)) {
      const expected = optimizerTensor(`${name}/step${i + 1}/${w}`).data;
      closeTo(tensorIn(state, path).data, expected, 1e-6, 1e-6, path);
    }
  });

  for (const profile of [profileOf(await testDevice()), portable]) {
    const run = await trainOnDevice(
      model,
      dims,
      profile,
      initialState(model, start),
      c.losses.length,
      () => ({ x: Float32Array.from(x.data), y: Int32Array.from(y.data) }),
      snapshots,
    );
    closeTo(run.losses, c.losses, c.rtol, c.atol, 'loss');
    for (const after of snapshots)
      for (const [path, w] of Object.entries(weightOf)) {
        const got = run.snapshots.get(after)?.get(path)?.data ?? [];
        const expected = optimizerTensor(`${name}/step${after}/${w}`).data;
        closeTo(got, expected, c.rtol, c.atol, `${path} after ${after}`);
      }
  }
}

test.each(optimizerCases.map((c) => [c.id, optimizerText(c), c] as const))(
  '%s is %s',
  (_, text, c) => check(c, text),
);

const caseOf = (id: string): OptimizerCase => {
  const found = optimizerCases.find((c) => c.id === id);
  if (found === undefined) throw new Error(`no golden case ${id}`);
  return found;
};

test.each([
  ['optim.nesterov', 'momentum(lr=0.05, mu=0.9)'],
  ['optim.nesterov_wd', 'momentum(lr=0.05, mu=0.9, decay=0.01)'],
  ['optim.adam_amsgrad', 'amsgrad(lr=0.01)'],
])('%s is also %s', (id, text) => check(caseOf(id), text));
