/**
 * Several `train` sections in one step: against descent written out by hand, against the sections run
 * one after another as programs of their own, and on the device against the interpreter.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { type NdArray, ndArray } from '../../compiler/graph/nd-array.ts';
import { interpret } from '../../compiler/interpret/interpret.ts';
import type { Model } from '../../compiler/model.ts';
import { programResults } from '../../compiler/programs.ts';
import { bindSizes } from '../../compiler/rewrite/bind.ts';
import { portable } from '../../compiler/schedule/device.ts';
import { createDataset } from '../../data/index.ts';
import {
  createFeed,
  type FitEvent,
  fit as fitModel,
  initialise,
  neededInputs,
} from '../../train/index.ts';
import { trainOnDevice } from '../support/device-training.ts';
import { initialState, interpretedTrainer, modelOf, type Tensors } from '../support/model.ts';
import { closeTestDevice } from '../support/run-graph.ts';
import { withTestSession } from '../support/test-session.ts';

afterAll(closeTestDevice);

const scalar = (state: Tensors, name: string): number => state.get(name)?.data[0] ?? Number.NaN;

test('the second section sees what the first has made, and runs every other step', () => {
  const model = modelOf(`
    param a: f32 = 1
    param b: f32 = 2
    loss first = (a - 3) ** 2
    loss second = (a * b) ** 2
    train one { minimize: first, params: a, optimizer: sgd(lr=0.1) }
    train two { minimize: second, params: b, optimizer: sgd(lr=0.01), every: 2 }
  `);
  const state = initialState(model);
  const step = interpretedTrainer(model, {}, state);
  let [a, b] = [1, 2];
  for (let n = 0; n < 6; n++) {
    step(new Map());
    a -= 0.1 * 2 * (a - 3);
    if (n % 2 === 0) b -= 0.01 * 2 * a * a * b;
    expect(scalar(state, 'a')).toBeCloseTo(a, 12);
    expect(scalar(state, 'b')).toBeCloseTo(b, 12);
  }
});

test('a parameter of two sections is updated twice, from slots of its own in each', () => {
  const model = modelOf(`
    param w: f32 = 1
    loss up = -w
    loss down = w ** 2
    train one { minimize: up, params: w, optimizer: heavy_ball(lr=0.1, mu=0.5) }
    train two { minimize: down, params: w, optimizer: heavy_ball(lr=0.1, mu=0.5) }
  `);
  const state = initialState(model);
  const step = interpretedTrainer(model, {}, state);
  let [w, v1, v2] = [1, 0, 0];
  for (let n = 0; n < 5; n++) {
    step(new Map());
    v1 = 0.5 * v1 - 1;
    w -= 0.1 * v1;
    v2 = 0.5 * v2 + 2 * w;
    w -= 0.1 * v2;
    expect(scalar(state, 'w')).toBeCloseTo(w, 12);
    expect(scalar(state, 'one/w/v')).toBeCloseTo(v1, 12);
    expect(scalar(state, 'two/w/v')).toBeCloseTo(v2, 12);
  }
});

test('`step` counts the runs of a section that skips steps', () => {
  const text = (section: string): string =>
    `param w: f32 = 1\nparam other: f32 = 0\nloss fit = (w - 3) ** 2\nloss rest = other ** 2\n${section}`;
  const optimizer = 'adam(lr=exponential_decay(0.1, 0.9, 2))';
  const skipping = modelOf(
    text(
      `train a { minimize: rest, params: other, optimizer: sgd() }\ntrain b { minimize: fit, params: w, optimizer: ${optimizer}, every: 3 }`,
    ),
  );
  const plain = modelOf(text(`train { minimize: fit optimizer: ${optimizer} }`));
  const [slow, fast] = [initialState(skipping), initialState(plain)];
  const stepSlow = interpretedTrainer(skipping, {}, slow);
  const stepFast = interpretedTrainer(plain, {}, fast);
  for (let n = 0; n < 21; n++) {
    if (n % 3 === 0) stepFast(new Map());
    stepSlow(new Map());
    expect(scalar(slow, 'w')).toBe(scalar(fast, 'w'));
  }
  expect(scalar(slow, 'w')).toBeGreaterThan(1.3);
});

/** A GAN with a gradient penalty on points of the plane: two optimizers, random calls, a second derivative. */
const gan = (every: number): string => `
  input real: f32[n, 2]
  let G = dense(3, 5) |> tanh |> dense(2)
  let D = { dense(2, 6) |> leaky_relu(0.2) |> dense(1) }
  let fake = G(normal(0, 1, shape=[n, 3]))
  let mix = uniform(0, 1, shape=[n, 1])
  let between = stop_gradient(mix * real + (1 - mix) * fake)
  let slope = sqrt(sum(grad(D(between), between) ** 2, axis=-1) + 1e-12)
  state seen: f32 = 0
  update seen = seen + mean(fake)
  loss d_loss = mean(D(stop_gradient(fake))) - mean(D(real)) + 10 * mean((slope - 1) ** 2)
  loss g_loss = -mean(D(fake))
  train critic { minimize: d_loss, params: D, optimizer: adam(lr=0.02, beta1=0.5), clip: 1.0 }
  train generator { minimize: g_loss, params: G, optimizer: adam(lr=0.01, beta1=0.5), every: ${every} }
`;
const rows = 6;
const realRows = (step: number): number[] =>
  Array.from({ length: rows * 2 }, (_, i) => Math.fround(1 + Math.sin(i + 3 * step) / 2));

/** Runs the results of a set of sections and puts them into the state; the counter is the caller's. */
function runSections(
  model: Model,
  sections: readonly string[],
  state: Tensors,
  inputs: ReadonlyMap<string, NdArray>,
): void {
  const results = programResults(model, 'train', sections).filter(
    ({ target }) => target.kind === 'replace' && target.input.attrs['kind'] === 'param',
  );
  const slots = programResults(model, 'train', sections).filter(
    ({ target }) => target.kind === 'replace' && String(target.input.attrs['name']).includes('/'),
  );
  const all = [...results, ...slots];
  const nodes = bindSizes(
    model.graph,
    all.map((r) => r.node),
    { n: rows },
  );
  const values = interpret(nodes, (node) => {
    const name = String(node.attrs['name']);
    return inputs.get(name) ?? state.get(name);
  });
  for (const [i, { target }] of all.entries()) {
    const value = values[i];
    if (target.kind === 'replace' && value !== undefined)
      state.set(String(target.input.attrs['name']), value);
  }
}

test('a step is its sections one after another: same random numbers, same batch', () => {
  const model = modelOf(gan(3));
  const together = initialState(model);
  const apart = initialState(model);
  const step = interpretedTrainer(model, { n: rows }, together);
  for (let n = 0; n < 7; n++) {
    const real = ndArray('f32', [rows, 2], realRows(n));
    step(new Map([['real', real]]));
    const inputs = new Map([
      ['real', real],
      ['step', ndArray('f32', [], [n])],
    ]);
    runSections(model, ['critic'], apart, inputs);
    if (n % 3 === 0) runSections(model, ['generator'], apart, inputs);
    for (const [name, value] of apart) {
      if (name === 'seen') continue;
      const other = together.get(name)?.data ?? [];
      for (const [i, x] of value.data.entries()) expect(other[i]).toBeCloseTo(x, 12);
    }
  }
  // The model's own update happened once a step.
  expect(scalar(together, 'seen')).not.toBe(0);
});

describe('on the device as in the interpreter', () => {
  test('a GAN with a gradient penalty, 10 steps', async () => {
    const model = modelOf(gan(3));
    const state = initialState(model);
    const step = interpretedTrainer(model, { n: rows }, state);
    for (let n = 0; n < 10; n++) step(new Map([['real', ndArray('f32', [rows, 2], realRows(n))]]));
    // `fit`, below, has the kernels for this device.
    const run = await trainOnDevice(
      model,
      { n: rows },
      portable,
      initialState(model),
      10,
      (n) => ({ real: Float32Array.from(realRows(n)) }),
      [10],
    );
    for (const { path } of model.params) near(run.snapshots.get(10)?.get(path)?.data, state, path);
  });

  test.each([
    ['in batches of 6 and a short last one', 6],
    ['all rows in every step', 16],
  ])('through fit, %s', async (_, batch) => {
    const model = modelOf(gan(2).replaceAll('[n,', '[batch,'));
    const values = Float32Array.from([realRows(0), realRows(1), realRows(2)].flat().slice(0, 32));
    const dataset = createDataset('points', [
      { name: 'real', dtype: 'f32', rowShape: [2], kind: 'float', values },
    ]);
    const feed = createFeed(neededInputs(model, 'train'), dataset, {});
    expect(feed.rows).toBe(16);
    const events: FitEvent[] = [];
    const found = await withTestSession(
      model,
      [{ kind: 'train', feed, batch }],
      async (session) => {
        expect(Object.keys(session.counts().dispatches)).toEqual(
          batch === 6
            ? ['train@6', 'train@6:critic', 'train@4', 'train@4:critic']
            : ['train@16', 'train@16:critic'],
        );
        initialise(session, model);
        await fitModel(session, {
          model,
          feed,
          batch,
          steps: 9,
          seed: 0,
          shuffle: false,
          now: () => performance.now(),
          on: (event) => void events.push(event),
        });
        const names = model.params.map((p) => p.path);
        return await session.read(names, { role: 'param' });
      },
    );

    const state = initialState(model);
    for (let n = 0; n < 9; n++) {
      const perEpoch = Math.ceil(16 / batch);
      const start = (n % perEpoch) * batch;
      const count = Math.min(batch, 16 - start);
      const real = ndArray('f32', [count, 2], values.slice(2 * start, 2 * (start + count)));
      interpretedTrainer(model, { batch: count }, state, n)(new Map([['real', real]]));
    }
    for (const [path, values] of found) near(values, state, path);
    const last = events.findLast((event) => event.kind === 'round');
    expect([...(last?.kind === 'round' ? last.report.train.keys() : [])]).toEqual([
      'd_loss',
      'g_loss',
    ]);
  });
});

function near(found: ArrayLike<number> | undefined, state: Tensors, path: string): void {
  const expected = state.get(path)?.data ?? [];
  expect(found?.length).toBe(expected.length);
  for (const [i, x] of expected.entries())
    expect(Math.abs((found?.[i] ?? Number.NaN) - x), `${path}[${i}]`).toBeLessThan(2e-4);
}
