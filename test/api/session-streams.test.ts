/** Training on what comes one row, or one batch, after the other. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dataset } from '../../api/data/index.ts';
import { useHost } from '../../api/host.ts';
import { nodeHost } from '../../api/node-host.ts';
import { openModel } from '../../api/session/index.ts';
import { closeTestDevice, testDevice } from '../support/run-graph.ts';
import { tinyData, tinyRows } from '../support/tiny.ts';
import { openTiny, parts, weightsOf } from './tiny.ts';

beforeAll(() => useHost(nodeHost));
afterAll(closeTestDevice);

const open = async () => openTiny({ device: (await testDevice()).device });

test('the same batches give the same bits, however they come', async () => {
  const data = tinyData(29);
  const rows = tinyRows(29);
  const inMemory = await open();
  const history = await inMemory.fit(data, { epochs: 3 });
  const wanted = await weightsOf(inMemory);
  inMemory.close();

  async function* later() {
    for (const row of rows) yield row;
  }
  function* slices() {
    for (let at = 0; at < 29; at += 8)
      yield { x: data.x.subarray(at * 5, (at + 8) * 5), label: data.label.subarray(at, at + 8) };
  }
  // `fit` shuffles rows in memory by the model's seed; streams come as they are.
  const shuffled = {
    rows: dataset(rows).shuffle(3),
    columns: dataset(data).shuffle(3).prefetch(4),
    batches: dataset(rows)
      .shuffle(3)
      .batch(8)
      .map((batch) => batch),
  };
  for (const [name, stream] of Object.entries(shuffled)) {
    const session = await open();
    const streamed = await session.fit(stream as never, { epochs: 3 });
    expect(await weightsOf(session), name).toEqual(wanted);
    expect(streamed.steps).toBe(12);
    expect(streamed.epochs.map((epoch) => epoch.train)).toEqual(
      history.epochs.map((epoch) => epoch.train),
    );
    session.close();
  }

  const ordered = await open();
  await ordered.fit(data, { epochs: 2, shuffle: false });
  const inOrder = await weightsOf(ordered);
  ordered.close();
  for (const make of [later, slices]) {
    const session = await open();
    await session.fit(dataset(make as () => AsyncIterable<never>), { epochs: 2 });
    expect(await weightsOf(session), make.name).toEqual(inOrder);
    session.close();
  }
});

test('steps, validation, evaluation and prediction of streams', async () => {
  const session = await open();
  const rows = tinyRows(29);
  const stream = dataset(() => rows.values());
  const history = await session.fit(stream, { steps: 10, validation: dataset(rows) });
  expect(history).toMatchObject({ outcome: 'complete', steps: 10 });
  expect(history.epochs).toHaveLength(3);
  expect(history.epochs[0]?.validation?.accuracy).toBeGreaterThan(0);
  expect(await session.evaluate(stream, { batch: 8 })).toEqual(
    await session.evaluate(rows, { batch: 8 }),
  );
  const digits = await session.predict(stream, { batch: 29 });
  expect(digits.digit.shape).toEqual([29]);
  session.close();
});

test('rows of either kind are validated on rows of either kind', async () => {
  const [rows, held] = [tinyRows(29), tinyRows(13)];
  const training = [
    ['rows in memory', () => rows],
    ['a stream', () => dataset(rows).shuffle(3)],
  ] as const;
  const found = [];
  for (const [, train] of training)
    for (const validation of [held, dataset(held), dataset(() => held.values())]) {
      const session = await open();
      const { epochs } = await session.fit(train() as never, { epochs: 3, validation });
      found.push({ epochs, weights: await weightsOf(session) });
      session.close();
    }
  const [first, ...others] = found;
  for (const { epochs, weights } of others) {
    expect(weights).toEqual(first?.weights);
    for (const [i, { train, validation }] of epochs.entries()) {
      expect(train).toEqual(first?.epochs[i]?.train);
      // Sums of other batches: the last bits may differ.
      expect(validation?.loss).toBeCloseTo(first?.epochs[i]?.validation?.loss ?? 0, 6);
      expect(validation?.accuracy).toBeCloseTo(first?.epochs[i]?.validation?.accuracy ?? 0, 6);
    }
  }
});

test('validation rows that come once are at their end after the first epoch', async () => {
  const session = await open();
  const [once, same] = [tinyRows(8).values(), tinyRows(8).values()];
  await expect(session.fit(tinyRows(8), { epochs: 2, validation: once })).rejects.toThrow(
    'can be gone through once',
  );
  await expect(
    session.fit(tinyRows(8), { epochs: 2, validation: dataset(() => same) }),
  ).rejects.toThrow(/^validation data gave no rows\n.*`dataset\(\(\) => rows\(\)\)`/);
  session.close();
});

test('a stream that is at its end is an error that says so', async () => {
  const session = await open();
  const once = tinyRows(8).values();
  await expect(session.fit(once, { epochs: 2 })).rejects.toThrow(
    'can be gone through once, and 2 epochs are wanted',
  );
  expect((await session.fit(once, { epochs: 1 })).steps).toBe(1);
  const same = tinyRows(8).values();
  await expect(
    session.fit(
      dataset(() => same),
      { epochs: 2 },
    ),
  ).rejects.toThrow(/gave no rows in epoch 2\n.*at its end after one pass/);
  const nothing = dataset(tinyRows(8)).filter(() => false);
  for (const empty of [dataset([] as never[]), nothing])
    await expect(session.fit(empty, { epochs: 1 })).rejects.toThrow(
      /gave no rows in epoch 1\n.*a `filter` keeps none/,
    );
  await expect(session.fit(dataset(tinyRows(8)), { validation: 0.5 })).rejects.toThrow(
    'split(0.1)',
  );
  session.close();
});

test('what the source throws is what `fit` throws, and the session goes on', async () => {
  const session = await open();
  async function* broken() {
    yield* tinyRows(8);
    throw new Error('the connection broke');
  }
  await expect(
    session.fit(
      dataset(() => broken()),
      { epochs: 1 },
    ),
  ).rejects.toThrow('the connection broke');
  expect((await session.fit(tinyRows(8), { epochs: 1 })).outcome).toBe('complete');
  session.close();
});

test('batches may have rows of different lengths', async () => {
  const { model, origin } = parts(`
input tokens: i32[batch, t]
input y: f32[batch]
let h = embedding(10, 4)(tokens) |> mean(axis=1) |> dense(1)
output score = h[:, 0]
loss = mse(h[:, 0], y)
train { optimizer: sgd(lr=0.1) }
`);
  const session = await openModel(model, { device: (await testDevice()).device }, origin);
  const batch = (t: number) => ({ tokens: [Array(t).fill(1), Array(t).fill(2)], y: [1, 0] });
  const { steps } = await session.fit(dataset([batch(3), batch(5), batch(3)]), { epochs: 2 });
  expect(steps).toBe(6);
  const { score } = await session.predict({
    tokens: [
      [1, 2, 3, 4],
      [4, 3, 2, 1],
    ],
  });
  expect(score?.shape).toEqual([2]);
  await expect(session.predict({ tokens: Int32Array.of(1, 2, 3, 4) })).rejects.toThrow(
    'sizes: { t: 64 }',
  );
  await session.step({ tokens: Int32Array.of(1, 2, 3, 4), y: [1, 0] });
  session.close();
  await expect(openModel(model, { sizes: { T: 4 } }, origin)).rejects.toThrow(
    '`sizes`: the model has no size `T`\nhelp: did you mean `t`?',
  );
});

test('a signal ends a run, an evaluation and a prediction that wait for rows which do not come', async () => {
  const session = await open();
  const [row] = tinyRows(1);
  let ended = 0;
  const stuck = () => {
    const controller = new AbortController();
    const rows = dataset(async function* rows() {
      try {
        yield row as { readonly x: Float32Array; readonly label: number };
        setTimeout(() => controller.abort());
        await new Promise(() => {});
      } finally {
        ended += 1;
      }
    });
    return [rows, { signal: controller.signal }] as const;
  };
  const [rows, whole] = stuck();
  const history = await session.fit(rows.batch(1), { epochs: 2, ...whole });
  expect(history).toMatchObject({ outcome: 'stopped', steps: 1 });
  for (const measure of [session.evaluate, session.predict])
    await expect(measure(...stuck())).rejects.toThrow(/aborted/);
  const [validation, meanwhile] = stuck();
  const validated = await session.fit(tinyRows(8), { epochs: 2, validation, ...meanwhile });
  expect(validated).toMatchObject({ outcome: 'stopped', steps: 1 });
  // They wait still; nobody waits for them.
  expect(ended).toBe(0);
  session.close();
});

test('messages number the rows of the whole stream', async () => {
  const session = await open();
  const rows = tinyRows(29);
  const bad = rows.map((row, i) => (i === 20 ? { ...row, label: 7 } : row));
  const infinite = rows.map((row, i) =>
    i === 20 ? { ...row, x: new Float32Array(5).fill(Infinity) } : row,
  );
  for (const stream of [dataset(bad), dataset(bad).batch(8)])
    await expect(session.fit(stream as never)).rejects.toThrow('`label` has 7 at row 20,');
  await expect(session.fit(dataset(infinite))).rejects.toThrow('`x` has Infinity at row 20,');
  session.close();
});
