/** One thing at a time on a session: calls wait for one another, except that nothing may mix with a training run. */
import { DeviceLostError, SessionError } from '../../runtime/index.ts';
import { UsageError } from '../usage-error.ts';
import { explain } from './explain.ts';

export interface Gate {
  /** Runs `body` when the calls before it are done. While a run is training it is refused, unless a callback of that run calls. */
  use<T>(call: string, body: () => Promise<T>, inCallbacks?: boolean): Promise<T>;
  /** A training run: refused where anything else is going on. */
  train<T>(body: () => Promise<T>): Promise<T>;
  /** While a callback of the training run is awaited. */
  callback<T>(body: () => T | Promise<T>): Promise<T>;
  /** Throws when the session is closed. */
  check(): void;
  close(): void;
}

/** `lost`: the device is gone. */
export function createGate(lost: () => void): Gate {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let training = false;
  let inCallback = 0;
  let closed = false;
  /** Closed because its device is gone. */
  let gone = false;

  const check = (): void => {
    if (closed) throw new UsageError('this session is closed', 'open another one of the model');
  };
  const guarded = async <T>(body: () => Promise<T>): Promise<T> => {
    try {
      check();
      return await body();
    } catch (error) {
      if (closed && !gone && endedByClosing(error))
        throw new UsageError(
          'this session was closed while it was at work',
          'await what it does first; a `fit` is ended by `run.stop()` in a callback, or by its `signal`',
        );
      if (error instanceof DeviceLostError) {
        gone = true;
        lost();
      }
      throw explain(error);
    }
  };

  const queued = async <T>(body: () => Promise<T>): Promise<T> => {
    waiting += 1;
    const turn = last
      .then(() => guarded(body))
      .finally(() => {
        waiting -= 1;
      });
    last = turn.catch(() => undefined);
    return await turn;
  };

  return {
    check,
    async use(call, body, inCallbacks = true) {
      if (training) {
        if (inCallback > 0 && inCallbacks) return await queued(body);
        throw new UsageError(
          `\`${call}\` would mix with the training that is going on`,
          inCallbacks
            ? 'await `fit` first, or call it in `onEpoch`; another session of the model can do it meanwhile'
            : 'await `fit` first; another session of the model can do it meanwhile',
        );
      }
      return await queued(body);
    },
    async train(body) {
      if (training)
        throw new UsageError(
          'this session is training already',
          'await the `fit` before this one, or open another session of the model',
        );
      if (waiting > 0)
        throw new UsageError(
          '`fit` would mix with another call that is not done',
          'await that one first',
        );
      training = true;
      try {
        return await guarded(body);
      } finally {
        training = false;
      }
    },
    async callback(body) {
      inCallback += 1;
      try {
        return await body();
      } finally {
        inCallback -= 1;
      }
    },
    close() {
      closed = true;
    },
  };
}

/** What was on its way fails by the session, or by the device that went with it. */
const endedByClosing = (error: unknown): boolean =>
  error instanceof SessionError ||
  (error instanceof DeviceLostError && error.reason === 'destroyed');
