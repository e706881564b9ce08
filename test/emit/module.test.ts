/** Modules in Node: type-checked, run without what wrote them, and equal to a session of the same plan in every bit. */
import { afterAll, describe, expect, test } from 'vitest';
import { batchSymbol } from '../../compiler/programs.ts';
import { deviceProfile, portable } from '../../compiler/schedule/device.ts';
import { writeModule } from '../../emit/module.ts';
import { closeTestDevice, testDevice } from '../support/run-graph.ts';
import { checkTypes } from './check-types.ts';
import {
  type Compared,
  differingOutputs,
  differingTraining,
  inputsFor,
  sectionsOf,
  withBoth,
} from './compare.ts';
import { loadModule, type ShipOptions, type Shipped, ship } from './shipped.ts';

afterAll(closeTestDevice);

const comparedOf = ({ module: { model, plan, choices }, weights }: Shipped): Compared => ({
  plan,
  choices,
  weights,
  counted: batchSymbol(model) !== undefined,
  below: Object.fromEntries(
    model.inputs.flatMap(({ name, below }) => (typeof below === 'number' ? [[name, below]] : [])),
  ),
});

const predictions = (shipped: Shipped): readonly string[] =>
  shipped.module.plan.programs.filter(({ kind }) => kind === 'predict').map(({ name }) => name);

interface Case {
  readonly name: string;
  /** The name itself unless given. */
  readonly text?: string;
  readonly options?: ShipOptions;
}

// Kernels for a GPU take a software driver long to compile: the larger models have those for one.
const small: ShipOptions = { device: portable };

const inferences: readonly Case[] = [
  { name: 'mlp', options: { rows: [1, 3] } },
  { name: 'by_hand', options: small },
  { name: 'gan', options: small },
  { name: 'factorise' },
  { name: 'char_transformer', options: { ...small, size: { t: 8 }, rows: [2], set: { d: 8 } } },
  { name: 'scalar' },
];

describe('inference', () => {
  test.each(inferences)('$name', async ({ name, options = {} }) => {
    const shipped = await ship(name, options);
    expect(checkTypes(shipped.text)).toEqual([]);
    const loaded = await loadModule(shipped.text);
    const compared = comparedOf(shipped);
    await withBoth(loaded, compared, await testDevice(), async (network, session) => {
      for (const seed of [1, 2])
        for (const program of predictions(shipped)) {
          const inputs = inputsFor(compared, program, seed);
          expect(await differingOutputs(network, session, program, inputs)).toEqual([]);
        }
    });
  });
});

/** Each element is read where another one is written: the state has a twin, and the two change places. */
const turning = `
input x: f32[batch, 6]
input y: f32[batch]
state seen: f32[6] = 0
let score = (x + seen) |> dense(1)
output out = score
loss = mse(score[:, 0], y)
update seen = concat([seen[1:], seen[:1]]) + mean(x, axis=0)
train { optimizer: adam(lr=0.01) }
`;

/** As models/gan.nn, in small: one section runs in every step, the other in each third one. */
const rivals = `
input real: f32[batch, 6]
let G = dense(3, 8) |> tanh |> dense(6)
let D = { dense(6, 8) |> tanh |> dense(1) }
let fake = G(normal(0, 1, shape=[batch, 3]))
loss d_loss = mean(D(stop_gradient(fake))) - mean(D(real))
loss g_loss = -mean(D(fake))
output sample = G(normal(0, 1, shape=[4, 3]))
train critic { minimize: d_loss, params: D, optimizer: adam(lr=4e-3) }
train generator { minimize: g_loss, params: G, optimizer: sgd(lr=4e-3), every: 3 }
`;

/** Weights of 16 bits, in which files hold 32. */
const narrow = `
input x: f32[batch, 6]
input y: f32[batch]
state scale: bf16[6] = 1.7
let score = (x * scale) |> dense(1)
output out = score
loss = mse(score[:, 0], y)
train { optimizer: momentum(lr=0.01) }
`;

const trainings: readonly Case[] = [
  { name: 'mnist' },
  { name: 'logreg', options: { ...small, rows: [3] } },
  { name: 'vae', options: { ...small, rows: [2] } },
  { name: 'gan', options: { ...small, rows: [2] } },
  { name: 'linreg' },
  { name: 'turning', text: turning },
  { name: 'rivals', text: rivals },
  { name: 'narrow', text: narrow },
];

test('for the device at hand, with its subgroups', async () => {
  const opened = await testDevice();
  const { device, deviceClass, subgroupSize } = opened;
  const traits = subgroupSize === undefined ? { deviceClass } : { deviceClass, subgroupSize };
  const profile = deviceProfile({ ...traits, limits: device.limits });
  const shipped = await ship('mnist', { rows: [64], device: profile });
  const { requires } = shipped.module.plan;
  if (requires.subgroupSize === undefined)
    console.log(
      `no kernel of subgroups on this device (${deviceClass}, ${subgroupSize ?? 'none'})`,
    );
  else expect(shipped.text).toContain(`checkSubgroups(device, ${requires.subgroupSize});`);
  expect(checkTypes(shipped.text)).toEqual([]);
  const compared = comparedOf(shipped);
  await withBoth(await loadModule(shipped.text), compared, opened, async (network, session) => {
    const [program = ''] = predictions(shipped);
    const inputs = inputsFor(compared, program, 4);
    expect(await differingOutputs(network, session, program, inputs)).toEqual([]);
  });
});

test('a plan with copies from buffer to buffer', async () => {
  const shipped = await ship('input x: f32[n, 4]\noutput y = x * 2\noutput z = x + 1\n');
  const [program, ...others] = shipped.module.plan.programs;
  const output = (name: string) =>
    shipped.module.plan.tensors.find((one) => one.name === name)?.buffer ?? 0;
  if (program === undefined) throw new Error('there is no program');
  const copy = { from: output('y'), fromOffset: 0, to: output('z'), toOffset: 16, bytes: 32 };
  const plan = {
    ...shipped.module.plan,
    programs: [{ ...program, copies: [copy] }, ...others],
  };
  const text = await writeModule({ ...shipped.module, plan });
  expect(checkTypes(text)).toEqual([]);
  const compared = { ...comparedOf(shipped), plan };
  await withBoth(await loadModule(text), compared, await testDevice(), async (network, session) => {
    const inputs = inputsFor(compared, program.name, 5);
    expect(await differingOutputs(network, session, program.name, inputs)).toEqual([]);
    const { y, z } = await network.predict(inputs);
    expect(Array.from(z ?? []).slice(4, 12)).toEqual(Array.from(y ?? []).slice(0, 8));
  });
});

describe('training', () => {
  test.each(trainings)('$name', async ({ name, text = name, options = {} }) => {
    const shipped = await ship(text, { ...options, train: true });
    expect(checkTypes(shipped.text)).toEqual([]);
    const loaded = await loadModule(shipped.text);
    const compared = comparedOf(shipped);
    const at = sectionsOf(shipped.module.model);
    const device = await testDevice();
    await withBoth(loaded, compared, device, async (network, session) => {
      expect(await differingTraining(network, session, compared, at, 6)).toEqual([]);
      for (const program of predictions(shipped)) {
        const inputs = inputsFor(compared, program, 9);
        expect(await differingOutputs(network, session, program, inputs)).toEqual([]);
      }
    });
  });

  test('a plan whose states change places says so', async () => {
    const { module, text } = await ship(turning, { train: true });
    expect(module.plan.programs.flatMap(({ swaps }) => swaps)).not.toEqual([]);
    expect(text).toContain('swaps: [[');
  });
});
