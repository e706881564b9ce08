/** Sessions of the API: the same numbers as the trainer below has, one thing at a time, and nothing left behind. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { useHost } from '../../api/host.ts';
import { nodeHost } from '../../api/node-host.ts';
import { pageHost } from '../../api/page-host.ts';
import { openModel } from '../../api/session/index.ts';
import { tensor } from '../../api/tensor-data.ts';
import { createDataset, decodeSafetensors, resolveDataset, take } from '../../data/index.ts';
import { nodeFiles } from '../../data/node-files.ts';
import { openSession } from '../../runtime/index.ts';
import {
  createFeed,
  evaluate,
  evaluationBatch,
  fit as fitModel,
  initialise,
  neededInputs,
  prepare,
  readWeights,
} from '../../train/index.ts';
import { closeTestDevice, profileOf, testDevice } from '../support/run-graph.ts';
import { tinyData, tinyRows, tinyText } from '../support/tiny.ts';
import { openTiny, parts, weightsOf } from './tiny.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'nnc-session-'));
const inFolder = (name: string): string => path.join(folder, name);

beforeAll(() => useHost(nodeHost));
afterAll(async () => {
  useHost(pageHost);
  rmSync(folder, { recursive: true });
  await closeTestDevice();
});

test('glyphs.nn by the API has the weights, to the last bit, and the reports of a run of the trainer', async () => {
  const { model, origin } = parts(readFileSync('models/glyphs.nn', 'utf8'));
  const splits = await resolveDataset('glyphs', { cacheFolder: folder, files: nodeFiles });
  if (splits.test === undefined) throw new Error('glyphs has no test rows');
  const [head, tested] = [take(splits.train, 150), take(splits.test, 100)];

  const feed = createFeed(neededInputs(model, 'train'), head, {});
  const validationFeed = createFeed(neededInputs(model, 'eval'), tested, {});
  const validation = { feed: validationFeed, batch: evaluationBatch([tested.rows], 64) };
  const { device, host } = await testDevice();
  const { plan } = await prepare(
    model,
    [
      { kind: 'train', feed, batch: 64 },
      { kind: 'eval', ...validation },
    ],
    { device: profileOf(await testDevice()) },
  );
  const below = await openSession(plan, { device, host });
  initialise(below, model);
  const wanted = await fitModel(below, {
    model,
    feed,
    batch: 64,
    steps: 6,
    seed: 0,
    shuffle: true,
    validate: () => evaluate(below, model, validation.feed, validation.batch),
    now: () => performance.now(),
    on: () => undefined,
  });
  const weights = await readWeights(below, model);
  below.close();

  const session = await openModel(model, { device }, origin);
  const history = await session.fit({ train: head, test: tested }, { epochs: 2 });
  expect(history.outcome).toBe('complete');
  expect(history.epochs.at(-1)?.train).toEqual(Object.fromEntries(wanted.train));
  expect(history.epochs.at(-1)?.validation).toEqual(Object.fromEntries(wanted.validation ?? []));
  for (const [name, { values }] of weights)
    expect((await session.parameters.read(name)).data, name).toEqual(values);
  expect(await session.evaluate(tested)).toEqual(history.epochs.at(-1)?.validation);
  session.close();
});

describe('one session', () => {
  test('other programs in between, and rows given in other ways, change no bit of the training', async () => {
    const data = tinyData(61);
    const plain = await openTiny();
    await plain.fit(data, { epochs: 4 });
    const wanted = await weightsOf(plain);

    const disturbed = await openTiny();
    const seen: number[] = [];
    await disturbed.fit(tinyRows(61), {
      epochs: 4,
      callbacks: [
        {
          async onEpoch(_, { session }) {
            const { probs } = await session.predict({ x: data.x.subarray(0, 35) });
            seen.push(...(probs?.shape ?? []));
            await session.evaluate(data);
          },
        },
      ],
    });
    expect(seen).toEqual([7, 3, 7, 3, 7, 3, 7, 3]);
    expect(await weightsOf(disturbed)).toEqual(wanted);

    const twice = await openTiny();
    await twice.fit(data, { epochs: 1 });
    await twice.predict(data);
    await twice.fit(data, { epochs: 3 });
    expect(twice.steps).toBe(32);
    expect(await weightsOf(twice)).toEqual(wanted);
    for (const session of [plain, disturbed, twice]) session.close();
  });

  test('steps of a loop of one’s own are those of `fit`', async () => {
    const data = tinyData(24);
    const fitted = await openTiny();
    const { epochs } = await fitted.fit(data, { epochs: 1, shuffle: false });
    const stepped = await openTiny();
    for (let at = 0; at < 24; at += 8)
      await stepped.step({
        x: data.x.subarray(at * 5, (at + 8) * 5),
        label: data.label.subarray(at, at + 8),
      });
    expect(await stepped.metrics()).toEqual(epochs[0]?.train);
    expect(await stepped.loss()).toBe(epochs[0]?.train.loss);
    expect(await weightsOf(stepped)).toEqual(await weightsOf(fitted));
    // An evaluation uses the same sums on the device.
    await stepped.step(tinyRows(5));
    const before = await stepped.loss();
    await stepped.step(tinyRows(5));
    await stepped.evaluate(data);
    expect(await stepped.loss()).not.toBe(before);
    fitted.close();
    stepped.close();
  });

  test('predictions come together from any number of rows', async () => {
    const session = await openTiny({ batch: 8 });
    const data = tinyData(21);
    const { probs, digit } = await session.predict(data, { batch: 21 });
    expect(digit.shape).toEqual([21]);
    expect(probs.data).toBeInstanceOf(Float32Array);
    // Of a whole batch; three batches have three.
    await expect(session.predict(data)).rejects.toThrow('one value for a whole batch');
    const shaped = { shape: [21, 5], data: data.x };
    const computed = tensor(data.x).reshape([21, 5]);
    for (const x of [shaped, computed])
      expect((await session.predict({ x }, { batch: 21 })).probs).toEqual(probs);
    const [whole, single] = [
      await session.predict({ x: data.x }, { batch: 21 }),
      await session.predict(tinyRows(1)),
    ];
    expect(whole.probs).toEqual(probs);
    expect([...single.probs.data]).toEqual([...probs.data.subarray(0, 3)]);
    session.close();
  });

  test('parameters are read and written by path', async () => {
    const session = await openTiny();
    expect(session.parameters.paths()).toEqual(['dense.W', 'dense.b', 'dense_1.W', 'dense_1.b']);
    const bias = session.parameters.get('dense.b');
    expect(bias).toMatchObject({ shape: [8], dtype: 'f32' });
    await bias.write([1, 2, 3, 4, 5, 6, 7, 8]);
    expect([...(await bias.read()).data]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    await expect(
      bias.write([
        [1, 2],
        [3, 4],
      ]),
    ).rejects.toThrow('shape [8]');
    await expect(bias.write(new Float32Array(8).fill(Number.NaN))).rejects.toThrow('finite');
    expect(() => session.parameters.get('dense.B' as 'dense.b')).toThrow('did you mean `dense.b`?');
    session.close();
  });

  test('weights go to a file or bytes, and come back', async () => {
    const first = await openTiny();
    await first.fit(tinyData(24));
    await first.save(inFolder('tiny.safetensors'));
    const bytes = await first.save();
    expect(Uint8Array.from(readFileSync(inFolder('tiny.safetensors')))).toEqual(bytes);
    const second = await openTiny();
    await second.load(bytes);
    expect(await weightsOf(second)).toEqual(await weightsOf(first));
    const third = await openTiny();
    await third.load(inFolder('tiny.safetensors'));
    expect(await weightsOf(third)).toEqual(await weightsOf(first));
    await expect(third.load(inFolder('none.safetensors'))).rejects.toThrow('no such file');
    await expect(third.load(new Uint8Array(3))).rejects.toThrow();
    const other = await openTiny({}, tinyText.replace('dense(8)', 'dense(9)'));
    await expect(other.load(bytes)).rejects.toThrow('NN0507');
    for (const session of [first, second, third, other]) session.close();
  });

  test('what is seldom used is given up again', async () => {
    const session = await openTiny();
    for (let rows = 1; rows <= 12; rows++) await session.predict(tinyRows(rows), { batch: 12 });
    expect(Object.keys(session.counts().dispatches).length).toBeLessThanOrEqual(9);
    session.close();
  });
});

describe('one thing at a time', () => {
  test('two runs at once are refused, and what would mix with one', async () => {
    const session = await openTiny();
    const data = tinyData(24);
    const running = session.fit(data, { epochs: 3 });
    await expect(session.fit(data)).rejects.toThrow('training already');
    await expect(session.step(data)).rejects.toThrow('would mix');
    await expect(session.evaluate(data)).rejects.toThrow('onEpoch');
    expect((await running).outcome).toBe('complete');
    // These wait for one another.
    const [one, two] = await Promise.all([session.evaluate(data), session.evaluate(data)]);
    expect(one).toEqual(two);
    const inside = session.fit(data, {
      epochs: 1,
      callbacks: [{ onEpoch: (_, run) => run.session.step(data) }],
    });
    await expect(inside).rejects.toThrow('would mix');
    session.close();
    await expect(session.evaluate(data)).rejects.toThrow('closed');
  });

  test('a signal ends a run cleanly, and training can go on', async () => {
    const session = await openTiny();
    const controller = new AbortController();
    const history = await session.fit(tinyData(24), {
      epochs: 50,
      signal: controller.signal,
      callbacks: [{ onEpoch: ({ epoch }) => (epoch === 2 ? controller.abort() : undefined) }],
    });
    expect(history).toMatchObject({ outcome: 'stopped', steps: 6 });
    expect(history.epochs).toHaveLength(2);
    expect((await session.fit(tinyData(24), { epochs: 1 })).outcome).toBe('complete');
    const never = await session.fit(tinyData(24), { signal: AbortSignal.abort() });
    expect(never).toMatchObject({ outcome: 'stopped', steps: 0, epochs: [] });
    session.close();
  });

  test('several sessions on one device do not know of each other', async () => {
    const { device } = await testDevice();
    const alone = await openTiny({ device });
    await alone.fit(tinyData(29), { epochs: 3 });
    const [one, other] = [
      await openTiny({ device }),
      await openTiny({ device }, tinyText.replace('dense(8)', 'dense(4)')),
    ];
    await Promise.all([
      one.fit(tinyData(29), { epochs: 3 }),
      other.fit(tinyData(29), { epochs: 3 }),
    ]);
    expect(await weightsOf(one)).toEqual(await weightsOf(alone));
    alone.close();
    other.close();
    // The device stays the caller's.
    expect((await one.evaluate(tinyData(29))).accuracy).toBeGreaterThan(0);
    one.close();
  });

  test('sessions without a device share one, which goes with the last of them', async () => {
    const [one, other] = [await openTiny(), await openTiny()];
    expect(one.device).toBe(other.device);
    one.close();
    await other.fit(tinyData(8), { epochs: 1 });
    {
      await using third = await openTiny();
      expect(third.device).toBe(other.device);
    }
    other.close();
    const later = await openTiny();
    expect(later.device).not.toBe(one.device);
    later.close();
  });

  test('a lost device is an error that says so, and closes the session', async () => {
    const { openDevice } = await import('../../host/node.ts');
    const opened = await openDevice();
    const session = await openTiny({ device: opened.device });
    const running = session.fit(tinyData(24), {
      epochs: 1000,
      callbacks: [{ onEpoch: ({ epoch }) => (epoch === 2 ? opened.close() : undefined) }],
    });
    await expect(running).rejects.toThrow('the session is closed');
    await expect(session.predict(tinyData(8))).rejects.toThrow('this session is closed');
  });
});

test('a loss that is no longer finite ends a run with its code', async () => {
  const session = await openTiny(
    {},
    tinyText.replace('adam(lr=0.02)', 'sgd(lr=1e30)').replace('tanh', 'relu'),
  );
  await expect(session.fit(tinyData(24), { epochs: 40 })).rejects.toThrow('error[NN0506]');
  session.close();
});

test('what is wrong with data is said before anything runs', async () => {
  const session = await openTiny();
  const { x, label } = tinyData(6);
  const wrong: readonly (readonly [unknown, string])[] = [
    [{ xx: x, label }, 'there is no `x`, which training needs; there are xx, label'],
    [{ x }, 'there is no `label`'],
    [{ x: x.subarray(0, 12), label }, '`x` has 12 numbers, which are no whole number of rows of 5'],
    [{ x: x.subarray(0, 25), label }, '`x` has 5 rows, `label` has 6'],
    [{ x, label: label.map((one) => one + 1) }, 'NN0505'],
    [{ x, label: [0.5, 1, 2, 0, 1, 2] }, 'NN0504'],
    [
      { x: x.map((one, at) => (at === 7 ? Number.NaN : one)), label },
      '`x` has NaN at row 1, place 2',
    ],
    [[{ x: [1, 2, 3], label: 0 }], 'a row of the column `x` is [3], a row of the input [5]'],
    [
      [
        { x: [1, 2, 3, 4, 5], label: 0 },
        { x: [1, 2, 3, 4], label: 0 },
      ],
      '`x` of row 1 has the shape [4], row 0 has [5]',
    ],
    [
      [{ x: [1, 2, 3, 4, 5], label: 0 }, { x: [1, 2, 3, 4, 5] }],
      'row 1 of training data has no `label`',
    ],
    [[{ x: [1, 2, 'three', 4, 5], label: 0 }], '`x` of row 0 has the text "three" at [2]'],
    [[], 'training data is an empty list'],
    [42, 'training data is of a kind that cannot be read'],
  ];
  for (const [data, message] of wrong)
    await expect(session.fit(data as never), message).rejects.toThrow(message);
  await expect(session.fit({ x, label }, { epochs: 0 })).rejects.toThrow('`epochs` is 0');
  await expect(session.fit({ x, label }, { validation: 1.5 })).rejects.toThrow('leaves one side');
  expect(session.steps).toBe(0);
  session.close();
});

test('a model without inputs trains on nothing', async () => {
  const { model, origin } = parts(`
param w: f32[2] = 3
output double = 2 * w
loss = sum((w - 1) ** 2)
train { optimizer: sgd(lr=0.25) }
`);
  const session = await openModel(model, {}, origin);
  const { steps, epochs } = await session.fit({}, { steps: 20 });
  expect(steps).toBe(20);
  expect(epochs.at(-1)?.train['loss']).toBeLessThan(1e-4);
  await session.step({});
  expect((await session.predict())['double']?.data[0]).toBeCloseTo(2, 4);
  expect(await session.evaluate({})).toEqual({ loss: expect.closeTo(0, 4) });
  session.close();
});

test('weights know the classes of the data that they were trained on, also after they were loaded', async () => {
  const { x, label } = tinyData(9);
  const table = createDataset('flowers', [
    { name: 'x', dtype: 'f32', kind: 'float', rowShape: [5], values: Float32Array.from(x) },
    {
      name: 'label',
      dtype: 'u8',
      kind: 'integer',
      rowShape: [],
      values: Uint8Array.from(label),
      classes: ['a', 'b', 'c'],
    },
  ]);
  const [session, other] = [await openTiny(), await openTiny()];
  await session.fit(table, { epochs: 1 });
  const bytes = await session.save();
  await other.load(bytes);
  for (const saved of [bytes, await other.save()])
    expect(decodeSafetensors(saved, 'weights').metadata['classes']).toBe('{"label":["a","b","c"]}');
  session.close();
  other.close();
});
