/**
 * The training loop: epochs in a seeded order, steps in runs as long as the device's pace wants, averages
 * by samples, validation after each round. It can go on from the state of an earlier run, and then does
 * what that would have done. Knows nothing of files, terminals or how a device is found.
 */
import type { Model } from '../compiler/model.ts';
import { batchSymbol, metricNames } from '../compiler/programs.ts';
import { type SectionSet, sectionsAt } from '../compiler/train-step.ts';
import { epochOrder, type RowOrder } from '../data/index.ts';
import type { Session } from '../runtime/index.ts';
import { type Averages, averagesOf, createTally } from './averages.ts';
import { checkFinite, watchedNames } from './check-finite.ts';
import { evaluate } from './evaluate.ts';
import type { Feed } from './feed.ts';
import { type FitEvent, type Place, placeAt } from './fit-event.ts';
import type { FitState } from './fit-state.ts';
import { exhausted, type Monitor, type MonitorState, unwatched, watch } from './monitor.ts';
import { createProgress } from './progress.ts';
import { createSteps } from './steps.ts';

export interface FitOptions {
  readonly model: Model;
  readonly feed: Feed;
  /** Rows of a step, at most the feed's; the last step of an epoch takes what is left. */
  readonly batch: number;
  /** Steps altogether; `stepsOf` computes them from epochs. */
  readonly steps: number;
  readonly seed: number;
  readonly shuffle: boolean;
  readonly validation?: { readonly feed: Feed; readonly batch: number };
  /**
   * Reports steps 1, 1 + logEvery, … alone; each time the device is waited for. Never, unless told;
   * where a step takes all rows, ten times and at the end.
   */
  readonly logEvery?: number;
  /** What decides which round is the best, and when to end early. */
  readonly monitor?: Monitor;
  /** When there is a `checkpoint` event beside the one at the end; without it there are none at all. */
  readonly checkpointEvery?: CheckpointInterval;
  /** Goes on from here; the device must hold the tensors of that moment. */
  readonly from?: FitState;
  /** Stops after what has been submitted. */
  readonly signal?: AbortSignal;
  /** Steps and epochs that the session has behind it: orders, sections and random numbers go on from there. */
  readonly before?: { readonly steps: number; readonly epochs: number };
  /** Called before step 0, every, 2 · every, … of this run, which begins a submit then. */
  readonly beforeStep?: { readonly every: number; call(step: number): void };
  /** Awaited after every step, which then runs alone, and before its loss is looked at. */
  afterStep?(step: StepDone): Promise<void>;
  /** Ends the run as patience does, asked after each event. */
  enough?(): boolean;
  /** Whether the listener has run other programs on the session since it was asked last. */
  disturbed?(): boolean;
  /** A clock in milliseconds. */
  now(): number;
  /** Awaited, so that weights can be saved. */
  on(event: FitEvent): void | Promise<void>;
}

/** A step that has been submitted. */
export interface StepDone {
  /** The device's counter before it. */
  readonly step: number;
  readonly place: Place;
  readonly sections: SectionSet;
  /** Its rows are those at places `start` to `start + rows` of the order; as they lie where there is none. */
  readonly rows: number;
  readonly start: number;
  readonly order: RowOrder | undefined;
}

export type CheckpointInterval = { readonly steps: number } | { readonly seconds: number };

export interface FitResult {
  readonly place: Place;
  /** Averages over the last epoch, as far as it went; of the last step where a step takes all rows. */
  readonly train: Averages;
  /** After the last round; absent where that was not completed. */
  readonly validation?: Averages;
  readonly monitor: MonitorState;
  readonly seconds: number;
  /** Without validation and checkpoints. */
  readonly trainingSeconds: number;
  /** `stopped`: by the signal, before the end; `early`: the monitor's patience was at its end, or its listener had enough. */
  readonly outcome: 'complete' | 'early' | 'stopped';
}

export const stepsOf = (rows: number, batch: number, epochs: number): number =>
  Math.ceil(rows / batch) * epochs;

/** Trains from the device's current state on. Throws TrainingError NN0506 when the loss is no longer finite. */
export async function fit(session: Session, options: FitOptions): Promise<FitResult> {
  const { model, feed, batch, validation, now, from } = options;
  const total = options.steps;
  const { before = { steps: 0, epochs: 0 } } = options;
  const steps = createSteps(session, model, feed, batch, before.steps);
  const whole = steps.perEpoch === 1;
  const logEvery = options.logEvery ?? (whole ? Math.ceil(total / 10) : Infinity);
  const roundSteps = whole ? Math.min(logEvery, total) : steps.perEpoch;
  let order: RowOrder | undefined;
  const tally = createTally(session, metricNames(model, 'train'));
  const weightOfRow = batchSymbol(model) === undefined ? 1 / batch : 1;
  const watched = watchedNames(model);
  const stopped = (): boolean => options.signal?.aborted === true;
  const began = now();
  let done = from?.step ?? 0;
  let finiteAt = done;
  let monitored = from?.monitor ?? unwatched;
  let openRound = from?.round;
  let lastStep: Averages | undefined;
  let validated: Averages | undefined;
  let paused = 0;
  let checkpointAt = began;
  let checkpointStep = from?.step;

  const progress = createProgress({ steps, total, roundSteps, feed, batch, weightOfRow, now });
  progress.begin(done);
  while ((done < total || openRound !== undefined) && !stopped() && !ended()) await runRound();
  // A signal between two rounds.
  if (stopped() && done > 0 && done !== checkpointStep) await checkpoint();
  const train = (whole ? lastStep : undefined) ?? (openRound && averagesOf(openRound));
  const result = {
    place: placeNow(),
    train: train ?? tally.total(),
    ...(validated === undefined ? {} : { validation: validated }),
    monitor: monitored,
    seconds: (now() - began) / 1000,
    trainingSeconds: (now() - began - paused) / 1000,
  };
  if (done === total && openRound === undefined) return { ...result, outcome: 'complete' };
  return { ...result, outcome: ended() ? 'early' : 'stopped' };

  /** One round, or the rest of one that an earlier run has begun. */
  async function runRound(): Promise<void> {
    const round = openRound === undefined ? Math.floor(done / roundSteps) : lastRound();
    const end = Math.min(total, (round + 1) * roundSteps);
    const start = { rows: steps.rowsIn(done), at: now() };
    if (options.shuffle && !whole)
      order = epochOrder(feed.rows, { seed: options.seed, epoch: before.epochs + round });
    if (openRound === undefined) tally.begin();
    else tally.restore(openRound);
    progress.round(openRound === undefined ? done : round * roundSteps);
    openRound = undefined;
    validated = undefined;
    while (done < end && !stopped() && !enough()) await advance(end);
    if (done === end) {
      checkAll(await tally.collect());
      const rowsPerSecond = ((steps.rowsIn(done) - start.rows) / (now() - start.at)) * 1000;
      if (validation !== undefined && !stopped()) await validate(validation);
      if (!stopped()) {
        await closeRound({ seconds: (now() - start.at) / 1000, rowsPerSecond });
        if (done === total || ended() || checkpointIsDue()) await checkpoint();
        return;
      }
    }
    openRound = await tally.state();
    checkAll(averagesOf(openRound));
    await checkpoint();
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

  /** One run of steps, at most up to `end`; a step that is to be logged runs alone. */
  async function advance(end: number): Promise<void> {
    const logged = isLogged(done);
    if (logged) checkAll(await tally.collect());
    const { beforeStep } = options;
    if (beforeStep !== undefined && done % beforeStep.every === 0) beforeStep.call(done);
    const { channel, start, most } = steps.at(done);
    const stop = Math.min(end, nextLogged(done), nextCheckpoint(done), nextCall(done));
    const alone = logged || options.afterStep !== undefined;
    const count = alone ? 1 : Math.min(most, channel.steps, stop - done);
    await channel.run(order, start, count);
    tally.submitted((steps.rowsIn(done + count) - steps.rowsIn(done)) * weightOfRow);
    done += count;
    const step = before.steps + done - 1;
    const [rows, place] = [steps.rowsIn(done) - steps.rowsIn(done - 1), placeNow()];
    const sections = sectionsAt(model, step);
    await options.afterStep?.({ step, place, sections, rows, start, order });
    if (logged) {
      lastStep = await tally.collect();
      checkAll(lastStep);
      await on({ kind: 'step', place: placeNow(), values: lastStep });
    }
    const report = tally.latest();
    if (report !== undefined) {
      check(report.values);
      const event = progress.at(done, report);
      if (event !== undefined) await on(event);
    }
    // At the round's end only after its report: the checkpoint says that it has been made.
    if (done < end && !stopped() && checkpointIsDue()) {
      const state = await tally.state();
      checkAll(averagesOf(state));
      await checkpoint(state);
    }
  }

  async function validate(task: { readonly feed: Feed; readonly batch: number }): Promise<void> {
    const before = now();
    const { values } = await evaluate(session, model, task.feed, task.batch, options.signal);
    if (!stopped()) validated = values;
    steps.forget();
    paused += now() - before;
    progress.validated(now() - before);
  }

  function checkpointIsDue(): boolean {
    const every = options.checkpointEvery;
    if (every === undefined) return false;
    if ('steps' in every) return done % every.steps === 0;
    return now() - checkpointAt >= every.seconds * 1000;
  }
  async function checkpoint(round = openRound): Promise<void> {
    if (options.checkpointEvery === undefined) return;
    const before = now();
    const state = { step: done, ...(round === undefined ? {} : { round }), monitor: monitored };
    const complete = round === undefined && (done === total || ended());
    await on({ kind: 'checkpoint', place: placeNow(), state, complete });
    checkpointAt = now();
    checkpointStep = done;
    paused += checkpointAt - before;
    progress.pause(checkpointAt - before);
  }
  function nextCheckpoint(step: number): number {
    const every = options.checkpointEvery;
    if (every === undefined || !('steps' in every)) return Infinity;
    return (Math.floor(step / every.steps) + 1) * every.steps;
  }

  function nextCall(step: number): number {
    const every = options.beforeStep?.every ?? Infinity;
    return every === Infinity ? every : (Math.floor(step / every) + 1) * every;
  }
  async function on(event: FitEvent): Promise<void> {
    await options.on(event);
    if (options.disturbed?.() === true) steps.forget();
  }
  function enough(): boolean {
    return options.enough?.() === true;
  }

  function check(values: Averages): void {
    checkFinite(values, watched, placeNow(), finiteAt);
  }
  /** For values that cover every step done. */
  function checkAll(values: Averages): void {
    check(values);
    if (values.size > 0) finiteAt = done;
  }
  function ended(): boolean {
    return exhausted(options.monitor, monitored) || enough();
  }
  function placeNow(): Place {
    return placeAt(done, total, steps.perEpoch);
  }
  /** The number of the round that the last step done belongs to. */
  function lastRound(): number {
    return Math.max(0, Math.ceil(done / roundSteps) - 1);
  }
  function isLogged(step: number): boolean {
    return (step % logEvery === 0 && logEvery < Infinity) || (whole && step === total - 1);
  }
  function nextLogged(step: number): number {
    const next = (Math.floor(step / logEvery) + 1) * logEvery;
    return whole && next >= total ? total - 1 : next;
  }
}
