/**
 * The training loop over rows that can be reached by number: epochs in a seeded order, steps in runs as long as the device's pace
 * wants. It can go on from the state of an earlier run, and then does what that would have done. Knows nothing of files,
 * terminals or how a device is found.
 */
import { batchSymbol } from '../compiler/programs.ts';
import { sectionsAt } from '../compiler/train-step.ts';
import { epochOrder, type RowOrder } from '../data/index.ts';
import type { Session } from '../runtime/index.ts';
import type { Averages } from './averages.ts';
import { countedInSteps } from './checkpoint-interval.ts';
import type { Evaluation } from './evaluate.ts';
import type { Feed } from './feed.ts';
import { type Place, placeAt } from './fit-event.ts';
import { createProgress } from './progress.ts';
import { createRounds } from './rounds.ts';
import type { FitResult, RunOptions } from './run-options.ts';
import { createStepSchedule } from './step-schedule.ts';
import { createSteps } from './steps.ts';
import { createStopwatch } from './stopwatch.ts';

/** Where a step takes all rows, it is logged ten times and at the end, unless told. */
export interface FitOptions extends RunOptions {
  readonly feed: Feed;
  /** Rows of a step, at most the feed's; the last step of an epoch takes what is left. */
  readonly batch: number;
  /** Steps altogether; `stepsOf` computes them from epochs. */
  readonly steps: number;
  readonly seed: number;
  readonly shuffle: boolean;
  /** Whether the listener has run other programs on the session since it was asked last. */
  disturbed?(): boolean;
}

/** Trains from the device's current state on. Throws TrainingError NN0506 when the loss is no longer finite. */
export async function fit(session: Session, options: FitOptions): Promise<FitResult> {
  const { model, feed, batch, validate, checkpointEvery, beforeStep, now } = options;
  const { steps: total, before = { steps: 0, epochs: 0 } } = options;
  const steps = createSteps(session, model, feed, batch, before.steps);
  const { perEpoch, rowsIn } = steps;
  const whole = perEpoch === 1;
  const logEvery = options.logEvery ?? (whole ? Math.ceil(total / 10) : Infinity);
  const roundSteps = whole ? Math.min(logEvery, total) : perEpoch;
  const weightOfRow = batchSymbol(model) === undefined ? 1 / batch : 1;
  let done = options.from?.step ?? 0;
  let order: RowOrder | undefined;
  let lastStep: Averages | undefined;

  const run: RunOptions = {
    ...options,
    ...(checkpointEvery && { checkpointEvery: countedInSteps(checkpointEvery, perEpoch) }),
    ...(validate && { validate: () => timed(validate) }),
    async on(event) {
      await options.on(event);
      if (options.disturbed?.() === true) steps.forget();
    },
  };
  const last = whole ? { last: total - 1 } : {};
  const schedule = createStepSchedule(run, { logEvery, perEpoch, ...last });
  const stopwatch = createStopwatch(now, rowsIn(done));
  const sizes = { steps, total, roundSteps, feed, batch, weightOfRow };
  const progress = createProgress({ ...sizes, stopwatch });
  const rounds = createRounds(session, run, {
    schedule,
    stopwatch,
    place,
    over: () => done >= total,
    progress: (report) => progress.at(done, report),
  });
  // A checkpoint may have gone further than is asked for, where a round that is open stays so.
  while ((done < total || (rounds.open && done === total)) && !rounds.halting()) await runRound();
  const result = rounds.result();
  return whole && lastStep !== undefined ? { ...result, train: lastStep } : result;

  function place(): Place {
    return placeAt(done, total, perEpoch);
  }

  /** One round, or the rest of one that an earlier run has begun. */
  async function runRound(): Promise<void> {
    // An open one is that of the last step done.
    const round = Math.floor((rounds.open ? Math.max(0, done - 1) : done) / roundSteps);
    const first = round * roundSteps;
    const end = Math.min(total, first + roundSteps);
    const rowsBefore = rowsIn(done);
    progress.round(rounds.open ? first : done);
    rounds.begin();
    if (options.shuffle && !whole)
      order = epochOrder(feed.rows, { seed: options.seed, epoch: before.epochs + round });
    while (done < end && !rounds.halting()) {
      await advance(end);
      // At the round's end only after its report: the checkpoint says that it has been made.
      if (done < end) await rounds.checkpointWithin();
    }
    if (done === end && (await rounds.report(rowsIn(done) - rowsBefore))) await rounds.checkpoint();
    else await rounds.suspend();
  }

  /** One run of steps, at most up to `end`. */
  async function advance(end: number): Promise<void> {
    const from = done;
    const values = await rounds.submit(async () => {
      if (beforeStep !== undefined && (beforeStep.every === 'step' || from % perEpoch === 0))
        beforeStep.call(Math.floor(from / perEpoch), from);
      const { channel, start, most } = steps.at(from);
      const stop = Math.min(end, schedule.stopAfter(from));
      const count = Math.min(most, channel.steps, stop - from);
      await channel.run(order, start, count);
      done += count;
      const rows = rowsIn(done) - rowsIn(from);
      const step = before.steps + from;
      const sections = sectionsAt(model, step);
      await options.afterStep?.({ step, place: place(), sections, feed, rows, start, order });
      return rows * weightOfRow;
    });
    lastStep = values ?? lastStep;
  }

  async function timed(validate: () => Promise<Evaluation>): Promise<Evaluation> {
    const at = now();
    const evaluation = await validate();
    steps.forget();
    progress.validated((now() - at) / 1000);
    return evaluation;
  }
}
