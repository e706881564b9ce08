/** Ctrl-C and the signal that asks a process to end: the first lets what has been submitted finish, the second ends at once. */
import { EXIT } from './failure.ts';

export interface Interrupt {
  readonly signal: AbortSignal;
  /** Signals act as usual again. */
  release(): void;
}

/** `say` is called once, at the first signal. */
export function catchInterrupts(say: () => void): Interrupt {
  const controller = new AbortController();
  const onSignal = (): void => {
    // Ends cleanly too: the host destroys its devices at exit.
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort();
    say();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    release() {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
