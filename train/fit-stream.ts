/**
 * The training loop over batches that come one after the other, as many as there are: what does not fit in memory, or is made
 * on the way. An epoch is one pass over them. Batches may differ in size, and in the sizes of their rows.
 */
import { metricNames } from '../compiler/programs.ts';
import { type SectionSet, sectionsAt } from '../compiler/train-step.ts';
import type { Session } from '../runtime/index.ts';
import { type Averages, averagesOf, createTally } from './averages.ts';
import { checkFinite, watchedNames } from './check-finite.ts';
import type { Evaluation } from './evaluate.ts';
import type { Feed } from './feed.ts';
import type { CheckpointInterval, FitOptions, FitResult } from './fit.ts';
import type { FitEvent, Place } from './fit-event.ts';
import type { FitState } from './fit-state.ts';
import { rowsInPlace } from './gather.ts';
import { exhausted, unwatched, watch } from './monitor.ts';
import { programAt, weightOf } from './prepare.ts';

export interface StreamFitOptions
  extends Pick<
    FitOptions,
    'model' | 'logEvery' | 'monitor' | 'signal' | 'before' | 'enough' | 'now' | 'on'
  > {
  /** What ends the run, whichever comes first. */
  readonly epochs: number;
  readonly steps: number;
  /** The batches of an epoch, from 0. */
  batches(epoch: number): AsyncIterable<Feed>;
  /** Sees that the session has the programs of a batch. */
  prepare(batch: Feed): Promise<void>;
  validate?(): Promise<Evaluation>;
  /** As for rows that can be reached by number, or after so many epochs. */
  readonly checkpointEvery?: CheckpointInterval | { readonly epochs: number };
  /** Called before every step, or before the first one of every epoch. */
  readonly beforeStep?: {
    readonly every: 'step' | 'epoch';
    call(epoch: number, step: number): void;
  };
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
  const { model, now, on, from, before = { steps: 0, epochs: 0 }, beforeStep } = options;
  const logEvery = options.logEvery ?? Infinity;
  const tally = createTally(session, metricNames(model, 'train'));
  const watched = watchedNames(model);
  const stopped = (): boolean => options.signal?.aborted === true;
  const began = now();
  let done = from?.step ?? 0;
  let epoch = from?.epoch ?? 0;
  let within = 0;
  let inEpoch = Infinity;
  let finiteAt = done;
  let monitored = from?.monitor ?? unwatched;
  let openRound = from?.round;
  let validated: Averages | undefined;
  let paused = 0;
  let checkpointAt = began;
  let rows = 0;

  let skip = from?.stepOfEpoch ?? 0;
  while (epoch < options.epochs && done < options.steps && !halting()) await runEpoch();
  const complete = epoch >= options.epochs || done >= options.steps;
  return {
    place: placeNow(),
    train: openRound === undefined ? tally.total() : averagesOf(openRound),
    ...(validated === undefined ? {} : { validation: validated }),
    monitor: monitored,
    seconds: (now() - began) / 1000,
    trainingSeconds: (now() - began - paused) / 1000,
    outcome: stopped() && !complete ? 'stopped' : complete ? 'complete' : 'early',
  };

  async function runEpoch(): Promise<void> {
    const start = now();
    const paused0 = paused;
    rows = 0;
    within = skip;
    if (openRound === undefined) tally.begin();
    else tally.restore(openRound);
    openRound = undefined;
    validated = undefined;
    if (skip === 0 && beforeStep?.every === 'epoch') beforeStep.call(epoch, done);
    const finished = await runBatches();
    if (finished) {
      if (within === 0) throw new EmptyStreamError(epoch);
      inEpoch = within;
      checkAll(await tally.collect());
      if (options.validate !== undefined && !stopped()) {
        const at = now();
        validated = (await options.validate()).values;
        paused += now() - at;
      }
      if (!stopped()) {
        const seconds = (now() - start) / 1000;
        const training = seconds - (paused - paused0) / 1000;
        await closeRound({ seconds, rowsPerSecond: rows / Math.max(training, 1e-9) });
        epoch += 1;
        within = 0;
        skip = 0;
        if (epoch >= options.epochs || done >= options.steps || halting() || isDue())
          await checkpoint();
        return;
      }
    }
    openRound = await tally.state();
    checkAll(averagesOf(openRound));
    await checkpoint();
  }

  /** Whether the epoch, or the run, has come to its end. */
  async function runBatches(): Promise<boolean> {
    let group: Group | undefined;
    let passed = 0;
    const flush = async (): Promise<void> => {
      if (group !== undefined) await run(group);
      group = undefined;
    };
    for await (const feed of options.batches(epoch)) {
      passed += 1;
      if (passed <= skip) continue;
      await options.prepare(feed);
      const waiting = group?.feeds.length ?? 0;
      const program = programAt('train', feed, feed.rows, sectionsOf(done + waiting));
      if (group !== undefined && group.program !== program) await flush();
      if (group === undefined) group = { program, feeds: [] };
      group.feeds.push(feed);
      const ahead = done + group.feeds.length;
      if (group.feeds.length >= mostTogether(program) || ahead >= options.steps || cut(ahead))
        await flush();
      if (done >= options.steps) return true;
      if (halting()) break;
    }
    await flush();
    return !halting();
  }

  /** Whether something is to happen after step number `step`, so that no submit may go beyond it. */
  function cut(step: number): boolean {
    const every = options.checkpointEvery;
    return (
      beforeStep?.every === 'step' ||
      (logEvery < Infinity && (step % logEvery === 0 || (step - 1) % logEvery === 0)) ||
      (every !== undefined && 'steps' in every && step % every.steps === 0)
    );
  }

  function mostTogether(program: string): number {
    return Math.min(session.slots, session.runner(program).steps);
  }

  async function run({ program, feeds }: Group): Promise<void> {
    const logged = logEvery < Infinity && done % logEvery === 0;
    if (logged) checkAll(await tally.collect());
    if (beforeStep?.every === 'step') beforeStep.call(epoch, done);
    const batches = [];
    for (const feed of feeds) batches.push(await rowsInPlace(feed, 0, feed.rows));
    await session.runner(program).run(batches);
    for (const feed of feeds) {
      tally.submitted(weightOf(model, feed.rows));
      rows += feed.rows;
    }
    done += feeds.length;
    within += feeds.length;
    if (logged) {
      const values = await tally.collect();
      checkAll(values);
      await on({ kind: 'step', place: placeNow(), values });
    }
    const report = tally.latest();
    if (report !== undefined) {
      check(report.values);
      await on({
        kind: 'progress',
        place: placeNow(),
        values: report.values,
        recent: report.values,
        rowsPerSecond: rows / Math.max((now() - began) / 1000, 1e-9),
        secondsLeft: Infinity,
      });
    }
    if (isDue() && !stopped()) {
      const state = await tally.state();
      checkAll(averagesOf(state));
      await checkpoint(state);
    }
  }

  async function closeRound(pace: { seconds: number; rowsPerSecond: number }): Promise<void> {
    const report = {
      train: tally.total(),
      ...(validated === undefined ? {} : { validation: validated }),
      ...pace,
    };
    if (options.monitor !== undefined) {
      monitored = watch(options.monitor, monitored, placeNow(), report);
      if (monitored.best?.step === done) await on({ kind: 'best', place: placeNow() });
    }
    await on({ kind: 'round', place: placeNow(), report });
  }

  function isDue(): boolean {
    const every = options.checkpointEvery;
    if (every === undefined) return false;
    if ('epochs' in every) return within === 0 && epoch % every.epochs === 0;
    if ('steps' in every) return done % every.steps === 0;
    return now() - checkpointAt >= every.seconds * 1000;
  }
  async function checkpoint(round = openRound): Promise<void> {
    if (options.checkpointEvery === undefined) return;
    const at = now();
    const state: StreamState = {
      step: done,
      ...(round === undefined ? {} : { round }),
      monitor: monitored,
      epoch,
      stepOfEpoch: within,
    };
    const complete =
      round === undefined && (epoch >= options.epochs || done >= options.steps || ended());
    await on({ kind: 'checkpoint', place: placeNow(), state, complete } satisfies FitEvent);
    checkpointAt = now();
    paused += checkpointAt - at;
  }

  function sectionsOf(step: number): SectionSet {
    return sectionsAt(model, before.steps + step);
  }
  function check(values: Averages): void {
    checkFinite(values, watched, placeNow(), finiteAt);
  }
  function checkAll(values: Averages): void {
    check(values);
    if (values.size > 0) finiteAt = done;
  }
  function ended(): boolean {
    return exhausted(options.monitor, monitored) || options.enough?.() === true;
  }
  function halting(): boolean {
    return stopped() || ended();
  }
  function placeNow(): Place {
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
