/** The training loop on the device against plain loops over the interpreter. */
import { afterAll, describe, expect, test } from 'vitest';
import { ndArray } from '../../compiler/graph/nd-array.ts';
import { interpret } from '../../compiler/interpret/interpret.ts';
import type { Model } from '../../compiler/model.ts';
import { programResults } from '../../compiler/programs.ts';
import { bindSizes } from '../../compiler/rewrite/bind.ts';
import { epochOrder } from '../../data/index.ts';
import type { Session } from '../../runtime/index.ts';
import {
  evaluate,
  type Feed,
  type FitEvent,
  type FitOptions,
  fit as fitModel,
  initialise,
  predict,
  readWeights,
  TrainingError,
  writeWeights,
} from '../../train/index.ts';
import { initialState, type Tensors } from '../support/model.ts';
import { closeTestDevice } from '../support/run-graph.ts';
import { withTestSession } from '../support/test-session.ts';
import { tinyDataset, tinyFeed, tinyModel } from './tiny-model.ts';

afterAll(closeTestDevice);

const ROWS = 29;
const BATCH = 8;

/** The rows as a program of the interpreter takes them. */
function rowsAsInputs(rows: readonly number[]): Tensors {
  return new Map(
    tinyDataset(ROWS).columns.map(({ name, rowShape, values }) => {
      const width = rowShape[0] ?? 1;
      const picked = rows.flatMap((row) => [...values.subarray(row * width, (row + 1) * width)]);
      return [name, ndArray(name === 'x' ? 'f32' : 'i32', [rows.length, ...rowShape], picked)];
    }),
  );
}

/** Losses before each step, by the interpreter over the rows of each step. */
function referenceLosses(model: Model, rowsOfSteps: readonly (readonly number[])[]): number[] {
  const state = initialState(model);
  const results = programResults(model, 'train');
  const nodes = results.map((result) => result.node);
  return rowsOfSteps.map((rows, step) => {
    const batch = rowsAsInputs(rows);
    const values = interpret(bindSizes(model.graph, nodes, { batch: rows.length }), ({ attrs }) => {
      if (attrs['kind'] === 'counter') return ndArray('f32', [], [step]);
      if (attrs['kind'] === 'metric') return ndArray('f32', [], [0]);
      return batch.get(String(attrs['name'])) ?? state.get(String(attrs['name']));
    });
    let loss = Number.NaN;
    for (const [index, { target }] of results.entries()) {
      const value = values[index];
      if (target.kind !== 'replace' || value === undefined) continue;
      const name = String(target.input.attrs['name']);
      if (name === 'loss') loss = (value.data[0] ?? Number.NaN) / rows.length;
      if (state.has(name)) state.set(name, value);
    }
    return loss;
  });
}

/** Which rows the steps of seeded epochs take. */
function rowsOfSteps(steps: number, shuffle: boolean): readonly (readonly number[])[] {
  const perEpoch = Math.ceil(ROWS / BATCH);
  return Array.from({ length: steps }, (_, step) => {
    const order = epochOrder(ROWS, { seed: 3, epoch: Math.floor(step / perEpoch) });
    const start = (step % perEpoch) * BATCH;
    const places = Array.from({ length: Math.min(BATCH, ROWS - start) }, (_, at) => start + at);
    return shuffle ? places.map(order) : places;
  });
}

function options(model: Model, feed: Feed, more: Partial<FitOptions>): FitOptions {
  return {
    model,
    feed,
    batch: BATCH,
    steps: 20,
    seed: 3,
    shuffle: true,
    now: () => performance.now(),
    on: () => undefined,
    ...more,
  };
}

const model = tinyModel();
const feed = tinyFeed(model, ROWS);
const train = { kind: 'train', feed, batch: BATCH } as const;
const evalFeed = tinyFeed(model, ROWS, 'eval');
const evaluation = { kind: 'eval', feed: evalFeed, batch: 12 } as const;
const validating = (session: Session) => () => evaluate(session, model, evalFeed, 12);

describe('fit', () => {
  test('20 logged steps over five epochs, short batches included, have the interpreter’s losses', async () => {
    const events: FitEvent[] = [];
    const expected = referenceLosses(model, rowsOfSteps(20, true));
    await withTestSession(model, [train], async (session) => {
      initialise(session, model);
      await fitModel(
        session,
        options(model, feed, { logEvery: 1, on: (event) => void events.push(event) }),
      );
    });
    const losses = events.flatMap((event) =>
      event.kind === 'step' ? [event.values.get('loss') ?? Number.NaN] : [],
    );
    expect(losses).toHaveLength(20);
    for (const [step, loss] of losses.entries())
      expect(Math.abs(loss - (expected[step] ?? 0))).toBeLessThan(1e-4);
    expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) * 0.8);
  });

  test('an epoch’s averages are by samples, and logging changes nothing', async () => {
    const expected = referenceLosses(model, rowsOfSteps(8, true));
    const rounds = async (logEvery?: number) => {
      const events: FitEvent[] = [];
      await withTestSession(model, [train], async (session) => {
        initialise(session, model);
        const more = { steps: 8, on: (event: FitEvent) => void events.push(event) };
        await fitModel(
          session,
          options(model, feed, logEvery === undefined ? more : { ...more, logEvery }),
        );
      });
      return events.flatMap((event) =>
        event.kind === 'round' ? [event.report.train.get('loss') ?? Number.NaN] : [],
      );
    };
    const weights = [8, 8, 8, 5];
    const average = (losses: readonly number[]): number =>
      losses.reduce((sum, loss, i) => sum + loss * (weights[i] ?? 0), 0) / ROWS;
    const [first = 0, second = 0] = await rounds();
    expect(first).toBeCloseTo(average(expected.slice(0, 4)), 4);
    expect(second).toBeCloseTo(average(expected.slice(4)), 4);
    const logged = await rounds(3);
    expect(logged[0]).toBeCloseTo(first, 5);
    expect(logged[1]).toBeCloseTo(second, 5);
  });

  test('without shuffling, rows are taken as they lie', async () => {
    const expected = referenceLosses(model, rowsOfSteps(4, false));
    await withTestSession(model, [train], async (session) => {
      initialise(session, model);
      const losses: number[] = [];
      const on = (event: FitEvent): void => {
        if (event.kind === 'step') losses.push(event.values.get('loss') ?? Number.NaN);
      };
      await fitModel(session, options(model, feed, { steps: 4, shuffle: false, logEvery: 1, on }));
      for (const [step, loss] of losses.entries()) expect(loss).toBeCloseTo(expected[step] ?? 0, 4);
    });
  });

  test('all rows in a step: uploaded once, again after a validation, and reported ten times and at the end', async () => {
    const whole = { kind: 'train', feed, batch: ROWS } as const;
    const all = Array.from({ length: ROWS }, (_, row) => row);
    const expected = referenceLosses(
      model,
      Array.from({ length: 20 }, () => all),
    );
    await withTestSession(model, [whole, evaluation], async (session) => {
      initialise(session, model);
      const steps = new Map<number, number>();
      let validated = 0;
      const on = (event: FitEvent): void => {
        if (event.kind === 'step')
          steps.set(event.place.step, event.values.get('loss') ?? Number.NaN);
        if (event.kind === 'round' && event.report.validation !== undefined) validated += 1;
      };
      const result = await fitModel(
        session,
        options(model, feed, { batch: ROWS, validate: validating(session), on }),
      );
      expect([...steps.keys()]).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 20]);
      for (const [step, loss] of steps) expect(loss).toBeCloseTo(expected[step - 1] ?? 0, 4);
      expect(validated).toBe(10);
      expect(result.train.get('loss')).toBe(steps.get(20));
      expect(result.place).toMatchObject({ step: 20, steps: 20, epoch: 20, stepsInEpoch: 1 });
    });
  });

  test('progress goes forward, and the events come in order', async () => {
    const events: FitEvent[] = [];
    await withTestSession(model, [train, evaluation], async (session) => {
      initialise(session, model);
      await fitModel(
        session,
        options(model, feed, {
          steps: 40,
          validate: validating(session),
          on: (event) => void events.push(event),
        }),
      );
    });
    const steps = events.map((event) => event.place.step);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    const kinds = events.filter((event) => event.kind !== 'progress').map((event) => event.kind);
    expect(kinds).toEqual(Array.from({ length: 10 }, () => 'round'));
    for (const event of events) {
      if (event.kind !== 'progress') continue;
      expect(event.rowsPerSecond).toBeGreaterThan(0);
      expect(event.secondsLeft).toBeGreaterThanOrEqual(0);
      expect(event.place.stepOfEpoch).toBeLessThanOrEqual(4);
    }
  });

  test('a signal stops it after what is under way; the place tells where', async () => {
    const controller = new AbortController();
    await withTestSession(model, [train], async (session) => {
      initialise(session, model);
      const kinds: string[] = [];
      const on = (event: FitEvent): void => {
        kinds.push(event.kind);
        if (event.kind === 'step' && event.place.step === 3) controller.abort();
      };
      const result = await fitModel(
        session,
        options(model, feed, { logEvery: 1, signal: controller.signal, on }),
      );
      expect(result).toMatchObject({ outcome: 'stopped', place: { step: 3, epoch: 1 } });
      expect(kinds).toEqual(['step', 'step', 'step']);
      expect(result.train.get('loss')).toBeGreaterThan(0);
    });
  });

  test('a loss that is no number stops it at once, with the step', async () => {
    const text = `
input x: f32[batch, 5]
input label: u8[batch]
param w: f32[5] = 1
loss = mean((x @ w - cast(label, f32)) ** 2)
train { optimizer: sgd(lr=1e4)  batch: 8 }
`;
    const wild = tinyModel(text);
    const wildFeed = tinyFeed(wild, ROWS);
    await withTestSession(
      wild,
      [{ kind: 'train', feed: wildFeed, batch: BATCH }],
      async (session) => {
        initialise(session, wild);
        const run = fitModel(session, options(wild, wildFeed, { steps: 400, logEvery: 1 }));
        await expect(run).rejects.toThrow(
          /`loss` is no longer a finite number at step \d+, in epoch \d+ \(it still was at step \d+\)/,
        );
        await expect(run).rejects.toMatchObject({
          code: 'NN0506',
          help: expect.stringContaining('--lr'),
        });
      },
    );
  });
});

describe('evaluate, predict and weights', () => {
  test('evaluation does not depend on how the rows are cut', async () => {
    const cuts = [12, 29, 1].map((batch) => ({ kind: 'eval', feed: evalFeed, batch }) as const);
    await withTestSession(model, cuts, async (session) => {
      initialise(session, model);
      const results = [];
      for (const { batch } of cuts) results.push(await evaluate(session, model, evalFeed, batch));
      for (const { values, rows } of results) {
        expect(rows).toBe(ROWS);
        expect(values.get('loss')).toBeCloseTo(results[0]?.values.get('loss') ?? 0, 5);
        expect(values.get('accuracy')).toBeCloseTo(results[0]?.values.get('accuracy') ?? 0, 6);
      }
    });
  });

  test('weights read from one session give the same predictions in another', async () => {
    const predictFeed = tinyFeed(model, ROWS, 'predict');
    const task = { kind: 'predict', feed: predictFeed, batch: 12 } as const;
    const outputs = async (session: Parameters<typeof predict>[0]) => {
      const digits: number[] = [];
      const starts: number[] = [];
      for await (const { start, outputs: tensors } of predict(session, model, predictFeed, 12)) {
        starts.push(start);
        expect(tensors.map((one) => [one.name, one.byRow])).toEqual([
          ['probs', true],
          ['digit', true],
          ['rows', false],
        ]);
        digits.push(...(tensors.find((one) => one.name === 'digit')?.values ?? []));
      }
      expect(starts).toEqual([0, 12, 24]);
      return digits;
    };
    const trained = await withTestSession(model, [train, task], async (session) => {
      initialise(session, model);
      await fitModel(session, options(model, feed, { steps: 60 }));
      return { weights: await readWeights(session, model), digits: await outputs(session) };
    });
    expect([...trained.weights.keys()]).toEqual(['dense.W', 'dense.b', 'dense_1.W', 'dense_1.b']);
    expect(trained.digits.filter((digit, row) => digit === row % 3).length).toBeGreaterThan(25);
    const again = await withTestSession(model, [task], async (session) => {
      initialise(session, model);
      writeWeights(session, model, trained.weights, 'w.safetensors');
      return await outputs(session);
    });
    expect(again).toEqual(trained.digits);
    const other = new Map(
      [...trained.weights].map(([name, tensor]) => [name.replace('dense_1', 'dens_1'), tensor]),
    );
    await withTestSession(model, [task], async (session) => {
      const write = (): void => writeWeights(session, model, other, 'w.safetensors');
      expect(write).toThrow(TrainingError);
      expect(write).toThrow('`dense_1.W` f32[8, 3] is missing; did you mean its `dens_1.W`?');
    });
  });
});
