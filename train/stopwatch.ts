/** The time that a run takes, with and without what is not training: validations, and checkpoints being written. */
import { createRate } from './rate.ts';

export interface Stopwatch {
  /** Since it was made. */
  readonly seconds: number;
  readonly trainingSeconds: number;
  /** Over the last seconds of training; undefined while that is not known yet. */
  readonly rowsPerSecond: number | undefined;
  /** Tells how many rows have been done altogether. */
  record(rows: number): void;
  /** Awaits what is not training. */
  aside<T>(body: () => T | Promise<T>): Promise<T>;
}

/** `now`: a clock in milliseconds; `rows`: what has been done before. */
export function createStopwatch(now: () => number, rows: number): Stopwatch {
  const began = now();
  const rate = createRate();
  rate.record(rows, began);
  let aside = 0;
  return {
    get seconds() {
      return (now() - began) / 1000;
    },
    get trainingSeconds() {
      return (now() - began - aside) / 1000;
    },
    get rowsPerSecond() {
      return rate.rowsPerSecond;
    },
    record: (done) => rate.record(done, now()),
    async aside(body) {
      const at = now();
      const result = await body();
      const milliseconds = now() - at;
      aside += milliseconds;
      rate.pause(milliseconds);
      return result;
    },
  };
}
