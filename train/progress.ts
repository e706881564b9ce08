/** How far a run is and how long it will take, from reports that come in some submits late. */
import type { TallyReport } from './averages.ts';
import type { Feed } from './feed.ts';
import { type FitEvent, placeAt } from './fit-event.ts';
import type { Steps } from './steps.ts';
import type { Stopwatch } from './stopwatch.ts';

export interface Progress {
  /** Reports from here on are of a round that began after so many steps. */
  round(after: number): void;
  /** For a report while `done` steps are submitted; nothing while there is no rate yet. */
  at(done: number, report: TallyReport): Extract<FitEvent, { kind: 'progress' }> | undefined;
  /** How long the last validation took, of which there is one in every round. */
  validated(seconds: number): void;
}

export function createProgress(run: {
  readonly steps: Steps;
  readonly total: number;
  readonly roundSteps: number;
  readonly feed: Feed;
  readonly batch: number;
  /** What a row weighs in a report. */
  readonly weightOfRow: number;
  readonly stopwatch: Stopwatch;
}): Progress {
  const { steps, total, feed, weightOfRow, stopwatch } = run;
  let validationSeconds = 0;
  let roundStart = 0;

  return {
    round(after) {
      roundStart = steps.rowsIn(after);
    },
    validated(seconds) {
      validationSeconds = seconds;
    },
    at(done, { values, recent, weight }) {
      const rows = roundStart + weight / weightOfRow;
      stopwatch.record(rows);
      const { rowsPerSecond } = stopwatch;
      if (rowsPerSecond === undefined) return undefined;
      // The report may be some submits old, and the bar should not run ahead of it.
      const step = Math.min(done, stepsFor(rows));
      const validations = Math.ceil((total - step) / run.roundSteps);
      const secondsLeft =
        (steps.rowsIn(total) - rows) / rowsPerSecond + validations * validationSeconds;
      const place = placeAt(step, total, steps.perEpoch);
      return { kind: 'progress', place, values, recent, rowsPerSecond, secondsLeft };
    },
  };

  /** The steps after which so many rows have been taken. */
  function stepsFor(rows: number): number {
    const epochs = Math.floor(rows / feed.rows);
    const within = Math.ceil((rows - epochs * feed.rows) / run.batch);
    return epochs * steps.perEpoch + within;
  }
}
