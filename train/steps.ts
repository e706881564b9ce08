/** Where each step of a training run takes its rows: full batches first, then the short last one, epoch after epoch. */
import type { Session } from '../runtime/index.ts';
import { type Channel, createChannel } from './channel.ts';
import type { Feed } from './feed.ts';

export interface Steps {
  readonly perEpoch: number;
  /** Rows that the first so many steps take altogether. */
  rowsIn(steps: number): number;
  /** The channel for step number `step` (from 0), its place in the order, and how many like it follow at once. */
  at(step: number): { readonly channel: Channel; readonly start: number; readonly most: number };
  /** Another program may have overwritten uploaded rows. */
  forget(): void;
}

export function createSteps(session: Session, feed: Feed, batch: number): Steps {
  const full = Math.floor(feed.rows / batch);
  const rest = feed.rows % batch;
  const perEpoch = full + (rest === 0 ? 0 : 1);
  const fullChannel = createChannel(session, 'train', feed, batch);
  const lastChannel = rest === 0 ? undefined : createChannel(session, 'train', feed, rest);
  return {
    perEpoch,
    rowsIn: (steps) => Math.floor(steps / perEpoch) * feed.rows + (steps % perEpoch) * batch,
    at(step) {
      const within = step % perEpoch;
      if (within === full && lastChannel !== undefined)
        return { channel: lastChannel, start: full * batch, most: 1 };
      const most = perEpoch === 1 ? Infinity : full - within;
      return { channel: fullChannel, start: within * batch, most };
    },
    forget() {
      fullChannel.forget();
      lastChannel?.forget();
    },
  };
}
