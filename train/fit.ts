/**
 * The training loop: epochs in a seeded order, steps in runs as long as the device's pace wants, averages
 * by samples, validation after each round. Knows nothing of files, terminals or how a device is found.
 */
import type { Model } from '../compiler/model.ts';
import { batchSymbol, metricNames } from '../compiler/programs.ts';
import { epochOrder } from '../data/index.ts';
import type { Session } from '../runtime/index.ts';
import { type Averages, createTally } from './averages.ts';
import { checkFinite, watchedNames } from './check-finite.ts';
import { evaluate } from './evaluate.ts';
import type { Feed } from './feed.ts';
import { type FitEvent, type Place, placeAt } from './fit-event.ts';
import { createRate } from './rate.ts';
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
  /** Stops after what has been submitted. */
  readonly signal?: AbortSignal;
  /** A clock in milliseconds. */
  now(): number;
  /** Awaited, so that weights can be saved. */
  on(event: FitEvent): void | Promise<void>;
}

export interface FitResult {
  readonly place: Place;
  /** Averages over the last epoch, as far as it went; of the last step where a step takes all rows. */
  readonly train: Averages;
  /** After the last round; absent where that was not completed. */
  readonly validation?: Averages;
  readonly seconds: number;
  readonly stopped: boolean;
}

export const stepsOf = (rows: number, batch: number, epochs: number): number =>
  Math.ceil(rows / batch) * epochs;

/** Trains from the device's current state on. Throws TrainingError NN0506 when the loss is no longer finite. */
export async function fit(session: Session, options: FitOptions): Promise<FitResult> {
  const { model, feed, batch, validation, now, on } = options;
  const total = options.steps;
  const steps = createSteps(session, model, feed, batch);
  const whole = steps.perEpoch === 1;
  const logEvery = options.logEvery ?? (whole ? Math.ceil(total / 10) : Infinity);
  const roundSteps = whole ? Math.min(logEvery, total) : steps.perEpoch;
  const rounds = Math.ceil(total / roundSteps);
  const order = whole ? undefined : new Uint32Array(feed.rows);
  const tally = createTally(session, metricNames(model, 'train'));
  const weightOfRow = batchSymbol(model) === undefined ? 1 / batch : 1;
  const watched = watchedNames(model);
  const rate = createRate();
  const stopped = (): boolean => options.signal?.aborted === true;
  const began = now();
  let done = 0;
  let finiteAt = 0;
  let lastStep: Averages | undefined;
  let validated: Averages | undefined;
  let validationSeconds = 0;

  rate.record(0, began);
  for (let round = 0; round < rounds && !stopped(); round += 1) await runRound(round);
  const train = (whole ? lastStep : undefined) ?? tally.total();
  return {
    place: placeNow(),
    train,
    ...(validated === undefined ? {} : { validation: validated }),
    seconds: (now() - began) / 1000,
    stopped: done < total,
  };

  async function runRound(round: number): Promise<void> {
    const end = Math.min(total, (round + 1) * roundSteps);
    const from = { rows: steps.rowsIn(done), at: now() };
    if (order !== undefined) {
      const { seed, shuffle } = options;
      epochOrder(feed.rows, { seed, epoch: round, shuffle }, order);
    }
    tally.begin();
    validated = undefined;
    while (done < end && !stopped()) await advance(end, from.rows, rounds - round);
    checkAll(await tally.collect());
    const rowsPerSecond = ((steps.rowsIn(done) - from.rows) / (now() - from.at)) * 1000;
    if (done === end && !stopped()) {
      if (validation !== undefined) await validate(validation);
      await on({
        kind: 'round',
        place: placeNow(),
        report: {
          train: tally.total(),
          ...(validated === undefined ? {} : { validation: validated }),
          seconds: (now() - from.at) / 1000,
          rowsPerSecond,
        },
      });
    }
    await on({ kind: 'checkpoint', place: placeNow() });
  }

  /** One run of steps, at most up to `end`; a step that is to be logged runs alone. */
  async function advance(end: number, rowsBefore: number, roundsLeft: number): Promise<void> {
    const logged = isLogged(done);
    if (logged) checkAll(await tally.collect());
    const { channel, start, most } = steps.at(done);
    const count = logged ? 1 : Math.min(most, channel.steps, nextLogged(done) - done, end - done);
    await channel.run(order, start, count);
    tally.submitted((steps.rowsIn(done + count) - steps.rowsIn(done)) * weightOfRow);
    done += count;
    if (logged) {
      lastStep = await tally.collect();
      checkAll(lastStep);
      await on({ kind: 'step', place: placeNow(), values: lastStep });
    }
    const report = tally.latest();
    if (report === undefined) return;
    check(report.values);
    const rows = rowsBefore + report.weight / weightOfRow;
    rate.record(rows, now());
    const { rowsPerSecond } = rate;
    if (rowsPerSecond === undefined) return;
    const secondsLeft =
      (steps.rowsIn(total) - rows) / rowsPerSecond + roundsLeft * validationSeconds;
    const { values } = report;
    // The report may be some submits old, and the bar should not run ahead of it.
    const place = placeAt(reached(rows), total, steps.perEpoch);
    await on({ kind: 'progress', place, values, rowsPerSecond, secondsLeft });
  }

  async function validate(task: { readonly feed: Feed; readonly batch: number }): Promise<void> {
    const before = now();
    const { values } = await evaluate(session, model, task.feed, task.batch);
    validated = values;
    steps.forget();
    validationSeconds = (now() - before) / 1000;
    rate.pause(now() - before);
  }

  function check(values: Averages): void {
    checkFinite(values, watched, placeNow(), finiteAt);
  }
  /** For values that cover every step done. */
  function checkAll(values: Averages): void {
    check(values);
    if (values.size > 0) finiteAt = done;
  }
  function placeNow(): Place {
    return placeAt(done, total, steps.perEpoch);
  }
  /** The steps after which so many rows have been taken, at most those done. */
  function reached(rows: number): number {
    const epochs = Math.floor(rows / feed.rows);
    const within = Math.ceil((rows - epochs * feed.rows) / batch);
    return Math.min(done, epochs * steps.perEpoch + within);
  }
  function isLogged(step: number): boolean {
    return (step % logEvery === 0 && logEvery < Infinity) || (whole && step === total - 1);
  }
  function nextLogged(step: number): number {
    const next = (Math.floor(step / logEvery) + 1) * logEvery;
    return whole && next >= total ? total - 1 : next;
  }
}
