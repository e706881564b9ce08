/** Callbacks: when they are called, and that a run that was cut in two ends as one without a cut. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  bestWeights,
  type Callback,
  checkpoint,
  csvLog,
  earlyStopping,
  jsonlLog,
  learningRateSchedule,
} from '../../api/callbacks/index.ts';
import { dataset } from '../../api/data/index.ts';
import { useHost } from '../../api/host.ts';
import { nodeHost } from '../../api/node-host.ts';
import { pageHost } from '../../api/page-host.ts';
import type { FitOptions, ModelSession } from '../../api/session/index.ts';
import { closeTestDevice, testDevice } from '../support/run-graph.ts';
import { tinyData, tinyRows, tinyText } from '../support/tiny.ts';
import { openTiny, type TinyShape, weightsOf } from './tiny.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'nnc-callbacks-'));
const file = (name: string): string => path.join(folder, name);

beforeAll(() => useHost(nodeHost));
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await closeTestDevice();
});

async function withTiny<T>(
  body: (session: ModelSession<TinyShape>) => Promise<T>,
  text?: string,
): Promise<T> {
  const session = await openTiny({ device: (await testDevice()).device }, text);
  try {
    return await body(session);
  } finally {
    session.close();
  }
}

const data = tinyData(29);

test('every step and every epoch, in order, with the same weights as without', async () => {
  const calls: string[] = [];
  const watcher: Callback = {
    onStart: () => void calls.push('start'),
    onStep: ({ step }) => void calls.push(`step ${step}`),
    onEpoch: ({ epoch }) => void calls.push(`epoch ${epoch}`),
    onEnd: ({ steps }) => void calls.push(`end ${steps}`),
  };
  const seldom: number[] = [];
  const [wanted, watched] = [
    await withTiny(async (session) => {
      await session.fit(data, { epochs: 2 });
      return await weightsOf(session);
    }),
    await withTiny(async (session) => {
      const every3: Callback = { everySteps: 3, onStep: ({ step }) => void seldom.push(step) };
      await session.fit(data, { epochs: 2, callbacks: [watcher, every3] });
      return await weightsOf(session);
    }),
  ];
  expect(calls).toEqual([
    'start',
    ...['step 1', 'step 2', 'step 3', 'step 4', 'epoch 1'],
    ...['step 5', 'step 6', 'step 7', 'step 8', 'epoch 2'],
    'end 8',
  ]);
  expect(seldom).toEqual([1, 4, 7]);
  expect(watched).toEqual(wanted);
});

test('a callback ends a run', () =>
  withTiny(async (session) => {
    const stop: Callback = { onStep: ({ step }, run) => (step === 6 ? run.stop() : undefined) };
    expect(await session.fit(data, { epochs: 9, callbacks: [stop] })).toMatchObject({
      outcome: 'early',
      steps: 6,
    });
    expect(
      await session.fit(dataset(tinyRows(29)), { epochs: 9, callbacks: [stop] }),
    ).toMatchObject({ outcome: 'early', steps: 6 });
  }));

test('early stopping and best weights', () =>
  withTiny(async (session) => {
    // Uphill after three epochs.
    const worse = learningRateSchedule((epoch) => (epoch < 3 ? 0.02 : -0.1));
    let third: unknown;
    const look: Callback = {
      async onEpoch({ epoch }) {
        if (epoch === 3) third = await weightsOf(session);
      },
    };
    const history = await session.fit(data, {
      epochs: 20,
      validation: data,
      callbacks: [
        worse,
        look,
        earlyStopping({ patience: 2 }),
        bestWeights({ path: file('best.safetensors') }),
      ],
    });
    expect(history).toMatchObject({ outcome: 'early', steps: 20, best: { epoch: 3, step: 12 } });
    expect(await weightsOf(session)).toEqual(third);
    await session.load(file('best.safetensors'));
    expect(await weightsOf(session)).toEqual(third);
    const quarrel = session.fit(data, {
      callbacks: [earlyStopping({ monitor: 'accuracy' }), bestWeights()],
    });
    await expect(quarrel).rejects.toThrow('one callback watches the train accuracy');
    await expect(
      session.fit(data, { callbacks: [earlyStopping({ monitor: 'acuracy' })] }),
    ).rejects.toThrow('did you mean `accuracy`?');
  }));

test('a rate that is set is the rate of the next step', async () => {
  const gentle = tinyText.replace('adam(lr=0.02)', 'sgd(lr=0.25)');
  const slow = tinyText.replace('adam(lr=0.02)', 'sgd(lr=0.125)');
  const wanted = await withTiny(async (session) => {
    await session.fit(data, { epochs: 1 });
    return await weightsOf(session);
  }, slow);
  const trained = (options: FitOptions<TinyShape>, set?: number) =>
    withTiny(async (session) => {
      if (set !== undefined) await session.setLearningRate(set);
      const { epochs } = await session.fit(data, { epochs: 1, ...options });
      return {
        weights: await weightsOf(session),
        rate: session.learningRate,
        told: epochs[0]?.learningRate,
      };
    }, gentle);
  expect(await trained({}, 0.125)).toEqual({ weights: wanted, rate: 0.125, told: 0.125 });
  const rates: number[] = [];
  const perStep = learningRateSchedule(
    (_, rate) => {
      rates.push(rate);
      return 0.125;
    },
    { per: 'step' },
  );
  expect((await trained({ callbacks: [perStep] })).weights).toEqual(wanted);
  expect(rates).toEqual([0.25, 0.125, 0.125, 0.125]);
  const scheduled = tinyText.replace('lr=0.02', 'lr=cosine_decay(0.1, 100)');
  await withTiny(async (session) => {
    await expect(session.setLearningRate(1)).rejects.toThrow('it is a schedule of the model');
  }, scheduled);
});

/** Dropout, a state, slots and a rate that changes: all that a checkpoint has to hold. */
const rich = tinyText.replace('dense(8)', 'dense(8) |> batch_norm |> dropout(0.3)');

test.each([
  // Within an epoch, and between two.
  ['rows in memory', () => data, [3, 8]],
  ['a stream', () => dataset(tinyRows(29)).shuffle(5), [7, 8]],
] as const)(
  '%s: cut anywhere and resumed, a run ends with the same bits',
  async (name, make, cuts) => {
    const rate = learningRateSchedule((epoch, before) => (epoch === 0 ? before : before * 0.9));
    const options = { epochs: 4, seed: 3, validation: make() } as const;
    const run = (session: ModelSession<TinyShape>, more: FitOptions<TinyShape>) =>
      session.fit(make() as never, { ...options, ...more } as FitOptions<TinyShape>);
    const whole = await withTiny(async (session) => {
      const history = await run(session, { callbacks: [rate, bestWeights()] });
      return { history, weights: await weightsOf(session) };
    }, rich);
    for (const cut of cuts) {
      const place = file(`${name} ${cut}.safetensors`.replaceAll(' ', '-'));
      const controller = new AbortController();
      await withTiny(async (session) => {
        const stop: Callback = {
          onStep: ({ step }) => (step === cut ? controller.abort() : undefined),
        };
        const callbacks = [rate, bestWeights(), checkpoint(place, { every: { steps: 100 } }), stop];
        const history = await run(session, { callbacks, signal: controller.signal });
        expect(history).toMatchObject({ outcome: 'stopped', steps: cut });
      }, rich);
      await withTiny(async (session) => {
        const history = await run(session, { callbacks: [rate, bestWeights()], resume: place });
        expect(await weightsOf(session)).toEqual(whole.weights);
        const numbers = ({ epochs }: typeof history) =>
          epochs.map(({ epoch, step, validation, learningRate }) => ({
            epoch,
            step,
            validation,
            learningRate,
          }));
        expect(numbers(history)).toEqual(numbers(whole.history));
        expect(history.best).toEqual(whole.history.best);
        expect(session.steps).toBe(16);
      }, rich);
      await withTiny(async (session) => {
        await expect(run(session, { seed: 4, callbacks: [rate], resume: place })).rejects.toThrow(
          'error[NN0508]',
        );
      }, rich);
    }
  },
);

test('logs have a line for each epoch, and a resumed run adds to them', async () => {
  const [csv, jsonl, place] = [file('log.csv'), file('log.jsonl'), file('logged.safetensors')];
  await withTiny((session) =>
    session.fit(data, {
      epochs: 2,
      validation: 0.2,
      callbacks: [csvLog(csv), jsonlLog(jsonl), checkpoint(place)],
    }),
  );
  await withTiny((session) =>
    session.fit(data, {
      epochs: 3,
      validation: 0.2,
      callbacks: [csvLog(csv), jsonlLog(jsonl)],
      resume: place,
    }),
  );
  const table = readFileSync(csv, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
  expect(table[0]).toEqual([
    'epoch',
    'step',
    'seconds',
    'rowsPerSecond',
    'loss',
    'accuracy',
    'validation_loss',
    'validation_accuracy',
  ]);
  expect(table.slice(1).map((line) => line[0])).toEqual(['1', '2', '3']);
  const events = readFileSync(jsonl, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { event: string });
  expect(events.map(({ event }) => event)).toEqual([
    'start',
    'epoch',
    'epoch',
    'end',
    'start',
    'epoch',
    'end',
  ]);
});

test('where there are no files, what needs one says so', async () => {
  useHost(pageHost);
  try {
    await withTiny(async (session) => {
      for (const callback of [csvLog(file('no.csv')), checkpoint(file('no.safetensors'))])
        await expect(session.fit(data, { epochs: 1, callbacks: [callback] })).rejects.toThrow(
          'there are none in a page',
        );
      await expect(session.save(file('no.safetensors'))).rejects.toThrow(
        'there are none in a page',
      );
    });
  } finally {
    useHost(nodeHost);
  }
  expect(existsSync(file('no.csv'))).toBe(false);
});

test('a checkpoint that has gone further than is asked for ends at once', async () => {
  // At the end of an epoch, and within one.
  for (const [stop, outcome] of [
    [8, 'complete'],
    [7, 'stopped'],
  ]) {
    const path = file(`further-${stop}.safetensors`);
    const stopping: Callback = {
      onStep: ({ step }, run) => (step === stop ? run.stop() : undefined),
    };
    await withTiny((session) =>
      session.fit(data, { epochs: 3, callbacks: [checkpoint(path), stopping] }),
    );
    await withTiny(async (session) => {
      const history = await session.fit(data, { epochs: 1, resume: path });
      expect(history).toMatchObject({ outcome, steps: stop });
    });
  }
});
