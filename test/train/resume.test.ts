/** A run that was cut in two through a file’s bytes ends as one without a cut: same bits, same reports. */
import { afterAll, describe, expect, test } from 'vitest';
import { decodeSafetensors, encodeSafetensors } from '../../data/index.ts';
import type { Session } from '../../runtime/index.ts';
import {
  type Checkpoint,
  captureCheckpoint,
  checkCheckpoint,
  decodeCheckpoint,
  encodeCheckpoint,
  evaluate,
  type FitEvent,
  type FitOptions,
  fit as fitModel,
  initialise,
  type RunIdentity,
  restoreCheckpoint,
  runIdentity,
  type Weights,
} from '../../train/index.ts';
import { closeTestDevice } from '../support/run-graph.ts';
import { withTestSession } from '../support/test-session.ts';
import { tinyFeed, tinyModel } from './tiny-model.ts';

afterAll(closeTestDevice);

const ROWS = 29;
const BATCH = 8;
const STEPS = 20;

// Everything that lives from step to step: slots, the step's number in the update, a state, random numbers.
const model = tinyModel(`
input x: f32[batch, 5]
input label: u8[batch]
let logits = x |> dense(8) |> batch_norm |> tanh |> dropout(0.3) |> dense(3)
loss = softmax_crossentropy(logits, label)
metric accuracy = accuracy(logits, label)
train { optimizer: adam(lr=0.02) }
`);
const feed = tinyFeed(model, ROWS);
const validationFeed = tinyFeed(model, ROWS, 'eval');

function optionsFor(session: Session, batch: number): FitOptions {
  return {
    model,
    feed,
    batch,
    steps: STEPS,
    seed: 3,
    shuffle: true,
    validate: () => evaluate(session, model, validationFeed, 12),
    monitor: { name: 'loss', rows: 'validation', better: 'less', minDelta: 0 },
    now: () => performance.now(),
    on: () => undefined,
  };
}

const inSession = <T>(batch: number, body: (session: Session) => Promise<T>): Promise<T> =>
  withTestSession(
    model,
    [
      { kind: 'train', feed, batch },
      { kind: 'eval', feed: validationFeed, batch: 12 },
    ],
    async (session) => {
      initialise(session, model);
      return await body(session);
    },
  );

const identity = (batch: number): RunIdentity => ({
  ...runIdentity({ model, feed, batch, seed: 3, shuffle: true, device: 'test' }),
  kernels: { mark: '0123', schedules: { k00: 'rows=2 depth=1' }, measured: false },
});

const capture = (session: Session, batch: number, event: FitEvent & { kind: 'checkpoint' }) =>
  captureCheckpoint(session, model, {
    run: identity(batch),
    state: event.state,
    complete: event.complete,
  });

/** As it comes back from a file. */
function throughFile(checkpoint: Checkpoint): Checkpoint {
  const { tensors, metadata } = encodeCheckpoint(checkpoint);
  const read = decodeSafetensors(encodeSafetensors(tensors, metadata), 'run.ckpt');
  return decodeCheckpoint('run.ckpt', read.tensors, read.metadata);
}

interface Course {
  readonly reports: readonly unknown[];
  readonly last: Checkpoint;
}

/** What a person or a log is told, speed and time left out. */
function told(event: FitEvent): readonly unknown[] {
  if (event.kind === 'step') return [['step', event.place.step, [...event.values]]];
  if (event.kind === 'best') return [['best', event.place.step]];
  if (event.kind !== 'round') return [];
  const { train, validation } = event.report;
  return [['round', event.place.step, [...train], [...(validation ?? [])]]];
}

async function uncut(batch: number, more: Partial<FitOptions>): Promise<Course> {
  return await inSession(batch, (session) => course(session, batch, more));
}

async function course(
  session: Session,
  batch: number,
  more: Partial<FitOptions>,
  seen: (event: FitEvent) => void = () => undefined,
): Promise<Course> {
  const reports: unknown[] = [];
  let last: Checkpoint | undefined;
  await fitModel(session, {
    ...optionsFor(session, batch),
    checkpointEvery: { steps: 7 },
    ...more,
    async on(event) {
      reports.push(...told(event));
      if (event.kind === 'checkpoint') last = await capture(session, batch, event);
      seen(event);
    },
  });
  if (last === undefined) throw new Error('there was no checkpoint');
  return { reports, last };
}

/** Ends without a word after `cut` checkpoints, as if killed; then goes on in another session. */
async function cutAfter(batch: number, cut: number, more: Partial<FitOptions>): Promise<Course> {
  const killed = new Error('killed');
  let reports: readonly unknown[] = [];
  let saved: Checkpoint | undefined;
  await inSession(batch, async (session) => {
    const before: unknown[] = [];
    let count = 0;
    const first = fitModel(session, {
      ...optionsFor(session, batch),
      checkpointEvery: { steps: 3 },
      ...more,
      async on(event) {
        before.push(...told(event));
        if (event.kind !== 'checkpoint') return;
        count += 1;
        if (count < cut) return;
        saved = throughFile(await capture(session, batch, event));
        reports = before;
        throw killed;
      },
    });
    await expect(first).rejects.toBe(killed);
  });
  return await goOn(batch, saved, reports, more);
}

async function goOn(
  batch: number,
  saved: Checkpoint | undefined,
  reports: readonly unknown[],
  more: Partial<FitOptions>,
): Promise<Course> {
  if (saved === undefined) throw new Error('there was no checkpoint');
  checkCheckpoint(model, saved, 'run.ckpt');
  return await inSession(batch, async (session) => {
    restoreCheckpoint(session, model, saved);
    const rest = await course(session, batch, { ...more, from: saved.record.state });
    return { reports: [...reports, ...rest.reports], last: rest.last };
  });
}

const bits = (tensors: Weights) =>
  [...tensors].map(([name, { values }]) => [
    name,
    Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('hex'),
  ]);

function expectSame(found: Course, expected: Course): void {
  expect(found.reports).toEqual(expected.reports);
  expect(bits(found.last.weights)).toEqual(bits(expected.last.weights));
  expect(bits(found.last.slots)).toEqual(bits(expected.last.slots));
  expect(found.last.record).toEqual(expected.last.record);
}

describe('a run cut in two', () => {
  test('after any checkpoint, in the middle of an epoch or between two', async () => {
    const expected = await uncut(BATCH, {});
    expect(expected.last.record).toMatchObject({ complete: true, state: { step: STEPS } });
    expect(expected.last.slots.size).toBe(12);
    expect([...expected.last.weights.keys()]).toContain('batch_norm.mu');
    // Checkpoints after 3, 6, 9, 12 (an epoch’s end), 15, 18.
    for (const cut of [1, 2, 4, 6]) expectSame(await cutAfter(BATCH, cut, {}), expected);
  });

  test('with logged steps, whose sums are read between', async () => {
    const more = { logEvery: 5 };
    expectSame(await cutAfter(BATCH, 3, more), await uncut(BATCH, more));
  });

  test('where every step takes all rows', async () => {
    const expected = await uncut(ROWS, {});
    expectSame(await cutAfter(ROWS, 3, {}), expected);
  });

  test('stopped by a signal: in the middle of an epoch, and at its end before it was validated', async () => {
    const expected = await uncut(BATCH, { logEvery: 1 });
    for (const stopAfter of [6, 8]) {
      const controller = new AbortController();
      const first = await inSession(BATCH, (session) =>
        course(session, BATCH, { logEvery: 1, signal: controller.signal }, (event) => {
          if (event.kind === 'step' && event.place.step === stopAfter) controller.abort();
        }),
      );
      expect(first.last.record).toMatchObject({ complete: false, state: { step: stopAfter } });
      expect(first.last.record.state.round).toBeDefined();
      const saved = throughFile(first.last);
      expectSame(await goOn(BATCH, saved, first.reports, { logEvery: 1 }), expected);
    }
  });

  test('made longer afterwards', async () => {
    const expected = await uncut(BATCH, { steps: 28 });
    const first = await uncut(BATCH, {});
    const longer = await goOn(BATCH, throughFile(first.last), first.reports, { steps: 28 });
    expectSame(longer, expected);
  });
});

describe('early stopping', () => {
  test('ends after so many rounds without a better one, and knows it when resumed', async () => {
    // Nothing is better by that much.
    const monitor = {
      name: 'accuracy',
      rows: 'validation',
      better: 'more',
      minDelta: 5,
      patience: 2,
    } as const;
    const { last, reports } = await uncut(BATCH, { monitor });
    expect(last.record).toMatchObject({
      complete: true,
      state: { step: 12, monitor: { best: { step: 4, epoch: 1 }, waited: 2 } },
    });
    expect(reports.filter((one) => Array.isArray(one) && one[0] === 'best')).toHaveLength(1);
    await inSession(BATCH, async (session) => {
      restoreCheckpoint(session, model, last);
      const result = await fitModel(session, {
        ...optionsFor(session, BATCH),
        monitor,
        from: last.record.state,
      });
      expect(result).toMatchObject({ outcome: 'early', place: { step: 12 } });
    });
  });
});
