/** How the checks reach a device: everything that runs goes through here, so that a test can spoil it. */
import type { Plan, Session } from '../runtime/index.ts';

/** Gives a session on a plan to `body`, and closes it afterwards. */
export type WithSession = <T>(plan: Plan, body: (session: Session) => Promise<T>) => Promise<T>;
