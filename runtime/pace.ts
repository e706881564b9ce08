/**
 * How many steps go into one submit. Short submits keep the display and the progress bar alive and
 * stay clear of the driver's time-out (2 s on Windows); long ones spread the cost of submitting and
 * of waiting. The number follows from measured time.
 */

/** Milliseconds that a submit should last: a CPU adapter pays more for waiting, a GPU also draws the screen. */
export const SUBMIT_MS = { cpu: 300, gpu: 15 } as const;

/** Says how many steps go into the next submit, from what the last ones took. */
export interface Pace {
  /** Steps for the next submit, from 1 to the maximum. */
  readonly steps: number;
  /** Tells what a submit of `steps` took from the moment that the device was free for it. */
  record(steps: number, milliseconds: number): void;
}

/** Some drivers compile shaders at the first dispatch (Mesa takes a second): this says nothing about a step. */
const WARM_UP_SUBMITS = 1;
/** More steps make the commands of a submit long, and save nothing. */
export const MAX_STEPS = 1024;
/** Weight of the newest measurement in the running mean. */
const NEWEST = 0.3;
/** A clock that is too coarse for a short submit must not lead to a very long one. */
const MAX_GROWTH = 4;

/** A pace that begins with single steps and settles at submits of about `submitMs`. */
export function createPace(submitMs: number, maxSteps: number): Pace {
  let submits = 0;
  let stepMs: number | undefined;
  let steps = 1;
  return {
    get steps() {
      return steps;
    },
    record(ran, milliseconds) {
      submits += 1;
      if (submits <= WARM_UP_SUBMITS || ran < 1 || !(milliseconds >= 0)) return;
      const measured = milliseconds / ran;
      stepMs = stepMs === undefined ? measured : stepMs + (measured - stepMs) * NEWEST;
      const fitting = stepMs > 0 ? Math.floor(submitMs / stepMs) : maxSteps;
      steps = Math.max(1, Math.min(maxSteps, steps * MAX_GROWTH, fitting));
    },
  };
}
