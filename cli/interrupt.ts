/** Ctrl-C and the signal that asks a process to end: the first lets what has been submitted finish, the second ends at once. */
import { setTimeout } from 'node:timers/promises';
import { EXIT } from './failure.ts';

export interface Interrupt {
  readonly signal: AbortSignal;
  /** Signals act as usual again. */
  release(): Promise<void>;
}

/** npm passes a Ctrl-C on that the terminal has sent to this process as well: that is one, not two. */
const ECHO_MS = 1000;
/** So long is the echo waited for: in a process that is already ending it would do harm. */
const ECHO_WAIT_MS = 100;

/** `say` is called once, at the first signal. */
export function catchInterrupts(say: () => void, now: () => number): Interrupt {
  const controller = new AbortController();
  let first = 0;
  const onSignal = (): void => {
    if (!controller.signal.aborted) {
      first = now();
      controller.abort();
      say();
    } else if (now() - first > ECHO_MS) {
      // Ends cleanly too: the host destroys its devices at exit.
      process.exit(EXIT.interrupted);
    }
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    async release() {
      const wait = first + ECHO_WAIT_MS - now();
      if (controller.signal.aborted && wait > 0) await setTimeout(wait);
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
