/** A session that goes on with a larger plan: its state goes along, in the middle of training, to the last bit. */
import { afterAll, expect, test } from 'vitest';
import { persistentTensors } from '../../compiler/model.ts';
import { openSession, type Plan, type Session } from '../../runtime/index.ts';
import {
  evaluate,
  type Feed,
  fit as fitModel,
  initialise,
  prepare,
  readWeights,
  type Workload,
} from '../../train/index.ts';
import { closeTestDevice, profileOf, testDevice } from '../support/run-graph.ts';
import { tinyFeed, tinyModel } from '../train/tiny-model.ts';

afterAll(closeTestDevice);

// Slots, a state of the model's own, the step's number, random numbers.
const model = tinyModel(`
input x: f32[batch, 5]
input label: u8[batch]
let logits = x |> dense(8) |> batch_norm |> tanh |> dropout(0.3) |> dense(3)
output probs = softmax(logits)
loss = softmax_crossentropy(logits, label)
metric accuracy = accuracy(logits, label)
train { optimizer: adam(lr=0.02) }
`);
const feed = tinyFeed(model, 29);
const work = (kind: Workload['kind'], of: Feed, batch: number): Workload => ({
  kind,
  feed: of,
  batch,
});
const small = [work('train', feed, 8)];
const large = [
  ...small,
  work('eval', tinyFeed(model, 29, 'eval'), 12),
  work('predict', tinyFeed(model, 7, 'predict'), 7),
];

async function planFor(workloads: readonly Workload[]): Promise<Plan> {
  return (await prepare(model, workloads, { device: profileOf(await testDevice()) })).plan;
}

async function open(plan: Plan): Promise<Session> {
  const { device, host } = await testDevice();
  const session = await openSession(plan, { device, host, slots: 3 });
  initialise(session, model);
  return session;
}

const train = (session: Session, epochs: number, epochsBefore = 0) =>
  fitModel(session, {
    model,
    feed,
    batch: 8,
    steps: 4 * epochs,
    before: { steps: 4 * epochsBefore, epochs: epochsBefore },
    seed: 3,
    shuffle: true,
    now: () => performance.now(),
    on: () => undefined,
  });

async function stateOf(session: Session) {
  const names = persistentTensors(model).map((tensor) => tensor.path);
  return new Map([...(await session.read(names)), ...(await session.read(['step']))]);
}

test('training goes on as if the session had been the larger one from the beginning', async () => {
  const whole = await open(await planFor(large));
  await train(whole, 5);
  const wanted = await stateOf(whole);
  whole.close();

  const before = await open(await planFor(small));
  await train(before, 2);
  const grown = await before.grow(await planFor(large));
  expect(() => before.write('step', [0])).toThrow('closed');
  await train(grown, 3, 2);
  expect(await stateOf(grown)).toEqual(wanted);
  expect((await evaluate(grown, model, tinyFeed(model, 29, 'eval'), 12)).rows).toBe(29);
  grown.close();
});

test('kernels that are known are not compiled again', async () => {
  const [plan, larger] = [await planFor(small), await planFor(large)];
  const { device, host } = await testDevice();
  const ready: string[] = [];
  const session = await openSession(plan, {
    device,
    host,
    onPipeline: (count, all) => ready.push(`${count}/${all}`),
  });
  const first = ready.splice(0).length;
  const grown = await session.grow(larger);
  const distinct = new Set(larger.kernels.map((kernel) => kernel.wgsl)).size;
  expect(ready.length).toBe(distinct - first);
  expect(grown.counts().pipelines).toBe(distinct);
  grown.close();
});

test('where the larger plan cannot be opened, the session stays as it is', async () => {
  const plan = await planFor(small);
  const session = await open(plan);
  const broken: Plan = {
    ...plan,
    kernels: plan.kernels.map((kernel) => ({ ...kernel, wgsl: 'no kernel at all' })),
  };
  await expect(session.grow(broken)).rejects.toThrow('does not compile');
  await train(session, 1);
  expect((await readWeights(session, model)).size).toBeGreaterThan(0);
  session.close();
});
