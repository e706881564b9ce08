/**
 * Watches a device for a session: every wait also ends when the device is lost, and errors that no
 * call returns are kept until somebody can be told.
 */
import { DeviceFailure, DeviceLostError, SessionError } from './errors.ts';

/** What the place that the runtime runs in gives it. */
export interface RuntimeHost {
  /** A clock in milliseconds that never runs backwards. */
  now(): number;
  /**
   * Waits for a promise of the device. Node's host sleeps between polls and keeps the process
   * alive meanwhile; in a browser the promise itself is returned.
   */
  wait<T>(promise: Promise<T>): Promise<T>;
}

export interface DeviceGuard {
  /** The promise's result, or a rejection as soon as the device is lost or the session closed. */
  wait<T>(promise: Promise<T>): Promise<T>;
  /** Throws what the device has reported since the last check, or that it is lost or closed. */
  check(): void;
  /** Ends every wait with an error and stops listening. */
  close(): void;
}

/** More would only repeat: one bad dispatch fails again at every step. */
const KEPT_ERRORS = 5;

export function guardDevice(device: GPUDevice, host: RuntimeHost): DeviceGuard {
  const waiting = new Set<(reason: Error) => void>();
  const reported: string[] = [];
  let ended: Error | undefined;

  const end = (reason: Error): void => {
    if (ended !== undefined) return;
    ended = reason;
    for (const reject of waiting) reject(reason);
    waiting.clear();
  };
  const onError = (event: GPUUncapturedErrorEvent): void => {
    event.preventDefault();
    if (reported.length < KEPT_ERRORS) reported.push(event.error.message.trim());
  };
  const stop = listen(device, onError);

  void device.lost.then((info) => {
    stop();
    end(new DeviceLostError(info));
  });

  // Not `Promise.race` with the promise of loss: that keeps a reaction for every wait there ever was.
  const guarded = <T>(promise: Promise<T>): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      if (ended !== undefined) {
        promise.catch(() => undefined);
        reject(ended);
        return;
      }
      waiting.add(reject);
      void promise.then(resolve, reject).finally(() => waiting.delete(reject));
    });

  return {
    wait(promise) {
      return host.wait(guarded(promise));
    },
    check() {
      if (ended !== undefined) throw ended;
      if (reported.length > 0) throw new DeviceFailure(reported.splice(0));
    },
    close() {
      stop();
      end(new SessionError('the session is closed'));
    },
  };
}

type Listener = (event: GPUUncapturedErrorEvent) => void;
const listeners = new WeakMap<GPUDevice, Set<Listener>>();

/** Gives what ends it. A device has one listener for all of its sessions: Node takes more than ten for a leak. */
function listen(device: GPUDevice, listener: Listener): () => void {
  const others = listeners.get(device);
  const all = others ?? new Set();
  all.add(listener);
  if (others === undefined) {
    listeners.set(device, all);
    device.addEventListener('uncapturederror', (event) => {
      for (const each of all) each(event);
    });
  }
  return () => void all.delete(listener);
}
