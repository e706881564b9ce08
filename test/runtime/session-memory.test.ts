/** What a training session holds of the GPU's memory, counted. */
import { afterAll, expect, test } from 'vitest';
import { compile } from '../../compiler/compile.ts';
import { elaborate } from '../../compiler/elaborate/elaborate.ts';
import { parse } from '../../grammar/index.ts';
import { type Counts, openSession } from '../../runtime/index.ts';
import { closeTestDevice, profileOf, testDevice } from '../support/run-graph.ts';

afterAll(closeTestDevice);

const mlp = (optimizer: string, image: string): string => `nn 0.1
input x: ${image}[batch, 784]
param w1: f32[784, 512] = 0
param b1: f32[512] = 0
param w2: f32[512, 10] = 0
param b2: f32[10] = 0
let logits = relu(cast(x, f32) @ w1 + b1) @ w2 + b2
input label: i32[batch]
loss = softmax_crossentropy(logits, label)
train { optimizer: ${optimizer}, batch: 128 }
`;

async function countsOf(optimizer: string, image = 'u8'): Promise<Counts> {
  const source = { name: 'mlp.nn', text: mlp(optimizer, image) };
  const { model } = elaborate(parse(source).file, { source });
  if (model === undefined) throw new Error('the model has errors');
  const opened = await testDevice();
  const { plan } = compile(model, {
    device: profileOf(opened),
    programs: [{ kind: 'train', dims: { batch: 128 } }],
  });
  const session = await openSession(plan, { device: opened.device, host: opened.host });
  const counts = session.counts();
  session.close();
  return counts;
}

const MIB = 2 ** 20;
const weights = 4 * (784 * 512 + 512 + 512 * 10 + 10);
const sum = (counts: Counts): number =>
  Object.values(counts.bytes).reduce((total, bytes) => total + bytes, 0);

test('the MLP with SGD, batch 128: at most 4 MiB, the batches on their way included', async () => {
  for (const image of ['u8', 'f32']) {
    const counts = await countsOf('sgd(lr=0.1)', image);
    expect(sum(counts)).toBeLessThanOrEqual(4 * MIB);
    // Beside the data: the weights, hidden layer and its gradient, a quarter of a MiB to read through.
    const { input, state, staging } = counts.bytes;
    expect(sum(counts) - input).toBeLessThanOrEqual(2.5 * MIB);
    expect(state - weights).toBeLessThanOrEqual(1024);
    expect(staging).toBeLessThanOrEqual(256 * 1024 + 64);
  }
});

test('with Adam two moments more, and nothing else', async () => {
  const [plain, adam] = [await countsOf('sgd(lr=0.1)'), await countsOf('adam(lr=1e-3)')];
  expect(adam.bytes.state - plain.bytes.state - 2 * weights).toBeLessThanOrEqual(2048);
  expect(adam.bytes.scratch - plain.bytes.scratch).toBeLessThanOrEqual(1024);
  expect(adam.bytes.input).toBe(plain.bytes.input);
});
