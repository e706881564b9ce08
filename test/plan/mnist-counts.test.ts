/**
 * What the MLP 784-512-10 compiles to, counted exactly: dispatches, bindings, bytes. A change of any of
 * these numbers is a decision, never an accident.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Compiled, compile } from '../../compiler/compile.ts';
import { elementCount } from '../../compiler/graph/nd-array.ts';
import type { ProgramKind } from '../../compiler/programs.ts';
import { portable } from '../../compiler/schedule/device.ts';
import type { Plan } from '../../runtime/plan.ts';
import { modelOf } from '../support/model.ts';

const BATCH = 128;
const PIXELS = BATCH * 784;
const file = new URL('../../models/mnist.nn', import.meta.url);

/** `models/mnist.nn`, with another optimizer where one is asked for. */
function compileMnist(optimizer = 'rmsprop(lr=1e-3)', device = portable): Compiled {
  const text = readFileSync(file, 'utf8').replace('rmsprop(lr=1e-3)', optimizer);
  expect(text).toContain(optimizer);
  const kinds: readonly ProgramKind[] = ['train', 'eval', 'predict'];
  return compile(modelOf(text, 'models/mnist.nn'), {
    device,
    programs: kinds.map((kind) => ({ kind, dims: { batch: BATCH } })),
  });
}

const devices = [
  ['portable', portable],
  ['subgroups of 4', { ...portable, subgroupSize: 4 }],
  ['a GPU', { ...portable, class: 'gpu' }],
] as const;
const dispatches = ({ programs }: Plan) => programs.map((p) => [p.kind, p.dispatches.length]);
const storageBindings = ({ kernels }: Plan) =>
  kernels.map((k) => k.bindings.filter((b) => b.access !== 'uniform').length);

test.each(devices)('dispatches with SGD: %s', (_, device) => {
  const { plan } = compileMnist('sgd(lr=0.1)', device);
  expect(dispatches(plan)).toEqual([
    ['train', 4],
    ['eval', 3],
    ['predict', 2],
  ]);
  expect(plan.programs.flatMap((p) => p.copies)).toEqual([]);
});

// Adam's updates all read the step number, so that it is counted up after them.
test.each([
  ['momentum(lr=0.1)', 4],
  ['rmsprop(lr=1e-3)', 4],
  ['adam(lr=1e-3)', 5],
])('slots cost at most a dispatch: %s', (optimizer, count) => {
  expect(dispatches(compileMnist(optimizer).plan)[0]).toEqual(['train', count]);
});

test('kernels with the same text are one, and none binds more than a default device allows', () => {
  const { plan } = compileMnist('sgd(lr=0.1)');
  expect(plan.kernels).toHaveLength(7);
  expect(new Set(plan.kernels.map((k) => k.wgsl)).size).toBe(7);
  expect(storageBindings(plan)).toEqual([4, 7, 8, 6, 6, 3, 5]);
  expect(Math.max(...storageBindings(compileMnist('adam(lr=1e-3)').plan))).toBe(7);
  expect(plan.requires).toEqual({ features: [], limits: {} });
});

test.each(devices)('bytes by class: %s', (_, device) => {
  const { plan } = compileMnist('sgd(lr=0.1)', device);
  const bytes = (kind: string): number[] =>
    plan.buffers.filter((b) => b.class === kind).map((b) => b.bytes);
  const [weights, hidden] = [784 * 512 * 4, BATCH * 512 * 4];
  // The large W; b, W, b (ten floats on a 16-byte grid) as parts of one; step; loss and accuracy.
  expect(bytes('state')).toEqual([weights, 2048 + 20480 + 48, 16, 32]);
  expect(bytes('input')).toEqual([PIXELS, BATCH]);
  // The hidden layer and its gradient; the gradient of the scores and two numbers a row, which are read side by side.
  expect(bytes('scratch')).toEqual([hidden, hidden, 5120, 512, 512]);
  expect(bytes('output')).toEqual([5120, 512]);
});

test.each(devices)('the images stay bytes: %s', (_, device) => {
  const { plan, kernels } = compileMnist('sgd(lr=0.1)', device);
  const sizedLikeThem = kernels.flatMap((k) =>
    k.spec.operands.map((o) => o.tensor).filter((t) => t.elements === PIXELS),
  );
  expect(sizedLikeThem.length).toBeGreaterThan(0);
  expect(new Set(sizedLikeThem.map((t) => `${t.node.op.name} ${t.storage}`))).toEqual(
    new Set(['input u8']),
  );
  const { tensors, buffers } = plan;
  const image = tensors.find((t) => t.name === 'image');
  expect(image).toMatchObject({ dtype: 'u8', shape: [BATCH, 28, 28] });
  expect(elementCount(image?.shape ?? [])).toBe(PIXELS);
  for (const b of buffers) if (b.class === 'scratch') expect(b.bytes).toBeLessThan(PIXELS * 4);
});
