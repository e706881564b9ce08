/**
 * The training loop over batches that come one after the other, as many as there are: what does not fit in memory, or is made
 * on the way. An epoch is one pass over them. Batches may differ in size, and in the sizes of their rows.
 */
import { sectionsAt } from '../compiler/train-step.ts';
import type { Session } from '../runtime/index.ts';
import type { Feed } from './feed.ts';
import type { Place } from './fit-event.ts';
import type { FitState } from './fit-state.ts';
import { rowsInPlace } from './gather.ts';
import { programAt, weightOf } from './prepare.ts';
import { createRounds } from './rounds.ts';
import type { FitResult, RunOptions } from './run-options.ts';
import { createStepSchedule } from './step-schedule.ts';
import { createStopwatch } from './stopwatch.ts';
import { untilAborted } from './until-aborted.ts';

export interface StreamFitOptions extends RunOptions {
  /** What ends the run, whichever comes first. */
  readonly epochs: number;
  readonly steps: number;
  /** The batches of an epoch, from 0. */
  batches(epoch: number): AsyncIterable<Feed>;
  /** Sees that the session has the programs of a batch. */
  prepare(batch: Feed): Promise<void>;
  /** Goes on from here; the batches of an epoch must be what they were. */
  readonly from?: StreamState;
}

/** A place in a run over a stream. */
export interface StreamState extends FitState {
  /** The epoch that `step` lies in, and the batches of it that are done. */
  readonly epoch: number;
  readonly stepOfEpoch: number;
}

/** A run of batches for one program. */
interface Group {
  readonly program: string;
  readonly feeds: Feed[];
}

/**
 * Trains from the device's current state on. Its `checkpoint` events carry a `StreamState`. Throws TrainingError NN0506 when the
 * loss is no longer finite, and what the stream throws.
 */
export async function fitStream(session: Session, options: StreamFitOptions): Promise<FitResult> {
  const { model, from, before = { steps: 0, epochs: 0 }, beforeStep } = options;
  let done = from?.step ?? 0;
  let epoch = from?.epoch ?? 0;
  /** Steps of the epoch that are done, in an earlier run too. */
  let within = from?.stepOfEpoch ?? 0;
  let inEpoch = Infinity;
  let rows = 0;

  const { logEvery = Infinity } = options;
  const schedule = createStepSchedule(options, { logEvery, perEpoch: Infinity });
  const stopwatch = createStopwatch(options.now, rows);
  const rounds = createRounds(session, options, {
    schedule,
    stopwatch,
    place,
    over,
    mark: () => ({ epoch, stepOfEpoch: within }),
    progress({ values, recent }) {
      stopwatch.record(rows);
      const { rowsPerSecond } = stopwatch;
      if (rowsPerSecond === undefined) return undefined;
      return {
        kind: 'progress',
        place: place(),
        values,
        recent,
        rowsPerSecond,
        secondsLeft: Infinity,
      };
    },
  });
  while ((!over() || rounds.open) && !rounds.halting()) await runEpoch();
  return rounds.result();

  async function runEpoch(): Promise<void> {
    const rowsBefore = rows;
    rounds.begin();
    const finished = await runBatches();
    if (finished && within === 0) throw new EmptyStreamError(epoch);
    if (finished) inEpoch = within;
    if (finished && (await rounds.report(rows - rowsBefore))) {
      epoch += 1;
      within = 0;
      await rounds.checkpoint();
    } else await rounds.suspend();
  }

  /** Whether the epoch, or the run, has come to its end. */
  async function runBatches(): Promise<boolean> {
    if (over()) return true;
    let group: Group | undefined;
    const skip = within;
    let passed = 0;
    const flush = async (): Promise<void> => {
      if (group !== undefined) await run(group);
      group = undefined;
    };
    for await (const feed of untilAborted(options.batches(epoch), options.signal)) {
      passed += 1;
      if (passed <= skip) continue;
      await options.prepare(feed);
      const waiting = group?.feeds.length ?? 0;
      const sections = sectionsAt(model, before.steps + done + waiting);
      const program = programAt('train', feed, feed.rows, sections);
      if (group !== undefined && group.program !== program) await flush();
      if (group === undefined) group = { program, feeds: [] };
      group.feeds.push(feed);
      if (group.feeds.length >= most(program)) await flush();
      if (done >= options.steps) return true;
      if (rounds.halting()) break;
    }
    await flush();
    return !rounds.halting();
  }

  /** How many steps a submit may have that begins now. */
  function most(program: string): number {
    const ahead = Math.min(options.steps, schedule.stopAfter(done)) - done;
    return Math.min(session.runner(program).steps, ahead);
  }

  async function run({ program, feeds }: Group): Promise<void> {
    await rounds.submit(async () => {
      if (beforeStep !== undefined && (beforeStep.every === 'step' || within === 0))
        beforeStep.call(epoch, done);
      const batches = [];
      for (const feed of feeds) batches.push(await rowsInPlace(feed, 0, feed.rows));
      await session.runner(program).run(batches);
      const step = before.steps + done;
      done += feeds.length;
      within += feeds.length;
      let weight = 0;
      for (const feed of feeds) {
        rows += feed.rows;
        weight += weightOf(model, feed.rows);
        const sections = sectionsAt(model, step);
        const taken = { feed, rows: feed.rows, start: 0 };
        await options.afterStep?.({ step, place: place(), sections, ...taken });
      }
      return weight;
    });
    await rounds.checkpointWithin();
  }

  function over(): boolean {
    return epoch >= options.epochs || done >= options.steps;
  }
  function place(): Place {
    return {
      step: done,
      steps: options.steps,
      epoch: Math.max(1, within === 0 ? epoch : epoch + 1),
      epochs: options.epochs,
      stepsInEpoch: inEpoch,
      stepOfEpoch: within,
    };
  }
}

/** An epoch had no batches at all: its stream was at its end before, most likely. */
export class EmptyStreamError extends Error {
  override readonly name = 'EmptyStreamError';
  /** From 0. */
  readonly epoch: number;

  constructor(epoch: number) {
    super(`the data gave no rows in epoch ${epoch + 1}`);
    this.epoch = epoch;
  }
}
