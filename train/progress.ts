/** How far a run is and how long it will take, from reports that come in some submits late. */
import type { Averages, TallyReport } from './averages.ts';
import type { Feed } from './feed.ts';
import { type FitEvent, placeAt } from './fit-event.ts';
import { createRate } from './rate.ts';
import type { Steps } from './steps.ts';

export interface Progress {
  /** Before the first step of this run, after so many of earlier ones. */
  begin(done: number): void;
  /** Reports from here on are of a round that began after so many steps. */
  round(after: number): void;
  /** For a report while `done` steps are submitted; nothing while there is no rate yet. */
  at(done: number, report: TallyReport): Extract<FitEvent, { kind: 'progress' }> | undefined;
  /** Leaves out a time in which nothing was learned. */
  pause(milliseconds: number): void;
  /** The same for a validation, of which there is one in every round. */
  validated(milliseconds: number): void;
}

const nothing: TallyReport = { values: new Map(), weight: 0 };

export function createProgress(run: {
  readonly steps: Steps;
  readonly total: number;
  readonly roundSteps: number;
  readonly feed: Feed;
  readonly batch: number;
  /** What a row weighs in a report. */
  readonly weightOfRow: number;
  now(): number;
}): Progress {
  const { steps, total, feed, weightOfRow, now } = run;
  const rate = createRate();
  let validationSeconds = 0;
  let roundStart = 0;
  let before = nothing;

  return {
    begin: (done) => rate.record(steps.rowsIn(done), now()),
    round(after) {
      roundStart = steps.rowsIn(after);
      before = nothing;
    },
    pause: rate.pause,
    validated(milliseconds) {
      validationSeconds = milliseconds / 1000;
      rate.pause(milliseconds);
    },
    at(done, report) {
      const recent = since(before, report);
      before = report;
      const rows = roundStart + report.weight / weightOfRow;
      rate.record(rows, now());
      const { rowsPerSecond } = rate;
      if (rowsPerSecond === undefined) return undefined;
      // The report may be some submits old, and the bar should not run ahead of it.
      const step = Math.min(done, stepsFor(rows));
      const validations = Math.ceil((total - step) / run.roundSteps);
      const secondsLeft =
        (steps.rowsIn(total) - rows) / rowsPerSecond + validations * validationSeconds;
      const place = placeAt(step, total, steps.perEpoch);
      return { kind: 'progress', place, values: report.values, recent, rowsPerSecond, secondsLeft };
    },
  };

  /** The steps after which so many rows have been taken. */
  function stepsFor(rows: number): number {
    const epochs = Math.floor(rows / feed.rows);
    const within = Math.ceil((rows - epochs * feed.rows) / run.batch);
    return epochs * steps.perEpoch + within;
  }
}

/** Averages over what the later report has beyond the earlier one. */
function since(earlier: TallyReport, later: TallyReport): Averages {
  const weight = later.weight - earlier.weight;
  if (weight <= 0) return later.values;
  return new Map(
    [...later.values].map(([name, value]) => {
      const sum = value * later.weight - (earlier.values.get(name) ?? 0) * earlier.weight;
      return [name, sum / weight];
    }),
  );
}
