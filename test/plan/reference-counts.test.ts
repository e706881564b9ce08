/**
 * Exact counts of what reference programs compile to: dispatches, bytes that go through memory, pipelines.
 * They are goals of the compiler, so a change for the worse is a decision.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { gradient } from '../../compiler/autodiff/gradient.ts';
import * as b from '../../compiler/builder.ts';
import { type Compiled, compile } from '../../compiler/compile.ts';
import { storageBits } from '../../compiler/graph/dtype.ts';
import { Graph } from '../../compiler/graph/graph.ts';
import type { Node } from '../../compiler/graph/node.ts';
import { runPasses } from '../../compiler/rewrite/passes.ts';
import { type DeviceProfile, portable } from '../../compiler/schedule/device.ts';
import { modelOf } from '../support/model.ts';
import { compileGraph } from '../support/run-graph.ts';

const example = (name: string): string =>
  readFileSync(new URL(`../../models/${name}.nn`, import.meta.url), 'utf8');

const chrome: DeviceProfile = { ...portable, maxBindings: 10 };
const gpu: DeviceProfile = { ...chrome, class: 'gpu' };

const compiled = (
  text: string,
  kind: 'train' | 'predict',
  batch: number,
  device = portable,
  symbol = 'batch',
): Compiled =>
  compile(modelOf(text, 'model.nn'), { device, programs: [{ kind, dims: { [symbol]: batch } }] });

const dispatches = ({ plan }: Compiled): number => plan.programs[0]?.dispatches.length ?? 0;

describe('a training step', () => {
  const mlp = example('mnist');
  test.each([
    ['sgd(lr=0.1)', 4],
    ['momentum(lr=0.1)', 4],
    ['nesterov(lr=0.1)', 4],
    ['rmsprop(lr=1e-3)', 4],
    ['adam(lr=1e-3)', 5],
    ['adamw(lr=1e-3)', 5],
  ])('MLP 784-512-10 with %s', (optimizer, count) => {
    const text = mlp.replace('rmsprop(lr=1e-3)', optimizer);
    expect(dispatches(compiled(text, 'train', 128))).toBe(count);
    expect(dispatches(compiled(text, 'train', 128, gpu))).toBe(count);
  });

  // One dispatch adds up the partial sums that come with the gradients, one updates all parameters.
  test.each([
    ['sgd(lr=0.1)', 6],
    ['momentum(lr=0.1)', 6],
    ['rmsprop(lr=1e-3)', 6],
    ['adam(lr=1e-3)', 7],
  ])('MLP 784-512-10 with %s, clipped by the norm of all gradients', (optimizer, count) => {
    const clipped = `optimizer: ${optimizer}\n  clip: 1.0`;
    const text = mlp.replace('optimizer: rmsprop(lr=1e-3)', clipped);
    expect(dispatches(compiled(text, 'train', 128))).toBe(count);
    expect(dispatches(compiled(text, 'train', 128, gpu))).toBe(count);
  });

  const logistic = `
    input image: u8[batch, 28, 28]
    input label: u8[batch]
    let logits = cast(image, f32) / 255 |> flatten |> dense(10)
    output probs = softmax(logits)
    loss = softmax_crossentropy(logits, label)
    metric accuracy = accuracy(logits, label)
    train { optimizer: sgd(lr=0.1) }`;
  test('logistic regression on all 60,000 rows', () => {
    expect(dispatches(compiled(logistic, 'train', 60000))).toBe(3);
    expect(dispatches(compiled(example('logreg'), 'train', 60000))).toBe(3);
    // A number of rows that nothing divides.
    expect(dispatches(compiled(example('logreg'), 'train', 59999))).toBe(3);
  });

  test('digits 64-100-50-10 with Adam', () => {
    expect(dispatches(compiled(example('digits'), 'train', 32, portable, 'n'))).toBe(7);
    expect(dispatches(compiled(example('digits'), 'train', 32, gpu, 'n'))).toBe(7);
  });
});

test('inference of the MLP', () => {
  for (const device of [portable, gpu])
    expect(dispatches(compiled(example('mnist'), 'predict', 128, device))).toBe(2);
});

const data = (g: Graph, name: string, shape: readonly number[]): Node =>
  b.input(g, name, 'data', 'f32', shape);
const kernels = (g: Graph, results: readonly Node[]) =>
  compileGraph(g, runPasses(g, results)).kernels;

describe('one kernel, one read and one write', () => {
  const size = [4096, 1024] as const;
  const once = 2 * 4 * size[0] * size[1];
  const softmax = (g: Graph, x: Node): Node => {
    const e = b.exp(g, b.sub(g, x, b.reduce(g, 'max', x, -1, true)));
    return b.div(g, e, b.sum(g, e, -1, true));
  };
  test.each([
    [
      'twenty element-wise ops',
      (g: Graph, x: Node) => {
        let y = x;
        for (let i = 0; i < 5; i++)
          y = b.sub(g, b.maximum(g, b.add(g, b.mul(g, y, 1.1), x), 0), 0.25);
        return y;
      },
    ],
    ['softmax', softmax],
    ['log_softmax', (g: Graph, x: Node) => b.log(g, softmax(g, x))],
    [
      'layer_norm',
      (g: Graph, x: Node) => {
        const d = b.sub(g, x, b.mean(g, x, -1, true));
        const v = b.mean(g, b.mul(g, d, d), -1, true);
        return b.div(g, d, b.sqrt(g, b.add(g, v, 1e-5)));
      },
    ],
  ] as const)('%s', (_, build) => {
    const g = new Graph();
    const made = kernels(g, [build(g, data(g, 'x', size))]);
    expect(made.length).toBe(1);
    expect(bytesBound(made)).toBe(once);
  });
});

test('mean squared error with its gradient', () => {
  const g = new Graph();
  const [x, y] = [data(g, 'x', [4096, 64]), data(g, 'y', [4096, 64])];
  const d = b.sub(g, x, y);
  const loss = b.mean(g, b.mul(g, d, d), [0, 1]);
  const made = kernels(g, [loss, ...gradient(g, loss, [x]).flatMap((n) => n ?? [])]);
  expect(made.length).toBe(2);
  // Both tensors, the gradient, a sum for each row and back.
  expect(bytesBound(made)).toBe(3 * 4096 * 64 * 4 + 2 * 4096 * 4 + 4);
});

test('bytes that a step of the MLP moves, and its pipelines', () => {
  const made = compiled(example('mnist').replace('rmsprop(lr=1e-3)', 'sgd(lr=0.1)'), 'train', 128);
  const [image, hidden, weights, narrow] = [128 * 784, 4 * 128 * 512, 4 * 784 * 512, 4 * 512 * 10];
  const scores = 4 * 128 * 10;
  // Forward: the image, W1, b1, hidden, W2, b2, label; gradient of the scores, two numbers a row.
  const forward = image + weights + 2048 + 2 * hidden + narrow + 40 + 128 + scores + 512 + 512;
  // Gradient of hidden, the bias' update, loss and accuracy, the step's number.
  const middle = scores + narrow + 2 * hidden + 2 * 40 + 512 + 512 + 2 * 3 * 4;
  // Updates of W1, b1 and W2.
  const updates = image + hidden + 2 * weights + 2 * 2048 + hidden + scores + 2 * narrow;
  expect(bytesBound(made.kernels)).toBe(forward + middle + updates);
  expect(made.plan.kernels.length).toBe(4);
});

test('equal layers share one pipeline', () => {
  const deep = (layers: number): string => `
    input x: f32[batch, 64]
    input y: f32[batch, 64]
    let h = x |> ${Array(layers).fill('dense(64) |> relu').join(' |> ')}
    loss = mean((h - y) ** 2)
    train { optimizer: adam(lr=1e-3) }`;
  const pipelines = (layers: number): number =>
    compiled(deep(layers), 'train', 256, chrome).plan.kernels.length;
  // Forward, and its last layer with the loss' gradient; backward, and its first beside the loss; an update; the loss.
  expect(pipelines(6)).toBe(6);
  expect(pipelines(12)).toBe(6);
});

/** Bytes of what the kernels read and write, each tensor once a kernel; what is updated counts twice. */
function bytesBound(made: Compiled['kernels']): number {
  let bytes = 0;
  for (const { spec } of made)
    for (const { tensor, access } of spec.operands)
      bytes +=
        ((access === 'read_write' ? 2 : 1) * tensor.elements * storageBits(tensor.storage)) / 8;
  return bytes;
}
