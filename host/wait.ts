/**
 * Waiting for the device in Node. Dawn polls from `setImmediate` for as long as a promise is
 * pending, which takes a whole core; a CPU adapter needs that core to compute. Here the thread
 * sleeps a moment between polls, and the event loop is kept alive until the promise settles. Measured
 * on SwiftShader with two cores, one dispatch: 350 ms with 22 ms of this thread's time, against
 * 413 ms and 253 ms when Dawn polls alone.
 */

/**
 * The thread sleeps a part of the time that it has waited already, within these bounds in milliseconds: what takes long
 * is found a little late and leaves the cores alone, what is done at once is found at once.
 */
const PART = 1 / 40;
const SHORTEST_SLEEP = 0.005;
const LONGEST_SLEEP = 0.5;

/**
 * Returns the `wait` of a runtime host. `throttled` for CPU adapters; otherwise the loop only turns,
 * as Dawn's own does.
 */
export function createWait(throttled: boolean): <T>(promise: Promise<T>) => Promise<T> {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  let waiting = 0;
  let turning = false;
  let since = 0;

  const turn = (): void => {
    if (waiting === 0) {
      turning = false;
      return;
    }
    if (throttled) {
      const part = PART * (performance.now() - since);
      Atomics.wait(cell, 0, 0, Math.min(LONGEST_SLEEP, Math.max(SHORTEST_SLEEP, part)));
    }
    setImmediate(turn);
  };

  return async (promise) => {
    waiting += 1;
    since = performance.now();
    if (!turning) {
      turning = true;
      setImmediate(turn);
    }
    try {
      return await promise;
    } finally {
      waiting -= 1;
    }
  };
}
