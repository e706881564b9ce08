/**
 * The rounds of a training run, whatever its steps are made of: their averages, which have to be finite, their validation, which
 * of them is the best, and checkpoints, also of a round that has begun. An epoch is one, see `RoundReport`.
 */
import { metricNames } from '../compiler/programs.ts';
import type { Session } from '../runtime/index.ts';
import {
  type Averages,
  averagesOf,
  createTally,
  type TallyReport,
  type TallyState,
} from './averages.ts';
import { createFiniteCheck } from './check-finite.ts';
import { createCheckpointTimer } from './checkpoint-interval.ts';
import type { FitEvent, Place } from './fit-event.ts';
import { exhausted, unwatched, watch } from './monitor.ts';
import type { FitResult, RunOptions } from './run-options.ts';
import type { StepSchedule } from './step-schedule.ts';
import type { Stopwatch } from './stopwatch.ts';

/** What the rounds have to know of the steps. */
export interface Course {
  readonly schedule: StepSchedule;
  readonly stopwatch: Stopwatch;
  place(): Place;
  /** Whether no step is left. */
  over(): boolean;
  /** What a checkpoint says of the place beside the number of steps. */
  mark?(): object;
  /** Nothing where too little is known yet. */
  progress(report: TallyReport): FitEvent | undefined;
}

export interface Rounds {
  /** A round has begun, here or in an earlier run, and was not reported. */
  readonly open: boolean;
  /** Whether the run ends before its last step. */
  halting(): boolean;
  /** Begins a round, or goes on with the open one. */
  begin(): void;
  /** A submit, which `run` makes and tells the weight of; gives the values of a step that is logged. */
  submit(run: () => Promise<number>): Promise<Averages | undefined>;
  /** Within a round, after a submit: writes a checkpoint where one is due. */
  checkpointWithin(): Promise<void>;
  /** All steps of the round are done. False where it was stopped before it was validated. `rows`: of those since `begin`. */
  report(rows: number): Promise<boolean>;
  /** After a report: writes a checkpoint where one is due, or the run ends. */
  checkpoint(): Promise<void>;
  /** Leaves the round open, for a run that goes on from the checkpoint. */
  suspend(): Promise<void>;
  result(): FitResult;
}

/** Its functions throw TrainingError NN0506 where a loss is no longer finite. */
export function createRounds(session: Session, options: RunOptions, course: Course): Rounds {
  const { model, monitor, on, from, checkpointEvery, now } = options;
  const { stopwatch, schedule, place } = course;
  const tally = createTally(session, metricNames(model, 'train'));
  const finite = createFiniteCheck(model, from?.step ?? 0);
  const timer = createCheckpointTimer(checkpointEvery, now);
  let monitored = from?.monitor ?? unwatched;
  let round = from?.round;
  let validated: Averages | undefined;
  let began = { seconds: 0, training: 0 };

  const stopped = (): boolean => options.signal?.aborted === true;
  const ended = (): boolean => exhausted(monitor, monitored) || options.enough?.() === true;
  const halting = (): boolean => stopped() || ended();
  const validation = () => (validated === undefined ? {} : { validation: validated });

  return {
    get open() {
      return round !== undefined;
    },
    halting,
    begin() {
      began = { seconds: stopwatch.seconds, training: stopwatch.trainingSeconds };
      if (round === undefined) tally.begin();
      else tally.restore(round);
      round = undefined;
      validated = undefined;
    },
    async submit(run) {
      const logged = schedule.isLogged(place().step);
      if (logged) finite.all(await tally.collect(), place());
      tally.submitted(await run());
      const values = logged ? await tally.collect() : undefined;
      if (values !== undefined) {
        finite.all(values, place());
        await on({ kind: 'step', place: place(), values });
      }
      const report = tally.latest();
      if (report !== undefined) {
        finite.some(report.values, place());
        const event = course.progress(report);
        if (event !== undefined) await on(event);
      }
      return values;
    },
    async checkpointWithin() {
      if (!stopped() && timer.isDue(place(), false)) await write(await openRound());
    },
    async report(rows) {
      finite.all(await tally.collect(), place());
      const training = stopwatch.trainingSeconds - began.training;
      if (options.validate !== undefined && !stopped()) {
        const { values } = await stopwatch.aside(options.validate);
        if (!stopped()) validated = values;
      }
      if (stopped()) return false;
      const seconds = stopwatch.seconds - began.seconds;
      const report = {
        train: tally.total(),
        ...validation(),
        seconds,
        rowsPerSecond: rows / Math.max(training, 1e-9),
      };
      if (monitor !== undefined) {
        monitored = watch(monitor, monitored, place(), report);
        if (monitored.best?.step === place().step) await on({ kind: 'best', place: place() });
      }
      await on({ kind: 'round', place: place(), report });
      return true;
    },
    async checkpoint() {
      if (course.over() || halting() || timer.isDue(place(), true)) await write();
    },
    async suspend() {
      round = await openRound();
      await write(round);
    },
    result() {
      const complete = course.over() && round === undefined;
      return {
        place: place(),
        train: round === undefined ? tally.total() : averagesOf(round),
        ...validation(),
        monitor: monitored,
        seconds: stopwatch.seconds,
        trainingSeconds: stopwatch.trainingSeconds,
        outcome: complete ? 'complete' : ended() ? 'early' : 'stopped',
      };
    },
  };

  async function openRound(): Promise<TallyState> {
    const state = await tally.state();
    finite.all(averagesOf(state), place());
    return state;
  }

  async function write(open?: TallyState): Promise<void> {
    if (checkpointEvery === undefined) return;
    const { step } = place();
    const state = { step, ...(open && { round: open }), monitor: monitored, ...course.mark?.() };
    const complete = open === undefined && (course.over() || ended());
    await stopwatch.aside(() => on({ kind: 'checkpoint', place: place(), state, complete }));
    timer.written();
  }
}
