/** The host of a browser's page or worker: its promises need no help. */
import type { RuntimeHost } from './device-guard.ts';

/** For `openSession` in a page or worker. In Node it works too, at the price of a core that Dawn keeps busy while it waits. */
export const pageHost: RuntimeHost = {
  now: () => performance.now(),
  wait: (promise) => promise,
};
