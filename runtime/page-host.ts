/** The host of a browser's page or worker: its promises need no help. */
import type { RuntimeHost } from './device-guard.ts';

export const pageHost: RuntimeHost = {
  now: () => performance.now(),
  wait: (promise) => promise,
};
