/**
 * Where each step of a training run takes its rows, and which program it runs: full batches first, then
 * the short last one, epoch after epoch; and in each step the `train` sections whose turn it is.
 */
import type { Model } from '../compiler/model.ts';
import { sectionsAt } from '../compiler/train-step.ts';
import type { Session } from '../runtime/index.ts';
import { type Channel, createChannel } from './channel.ts';
import type { Feed } from './feed.ts';

export interface Steps {
  readonly perEpoch: number;
  /** Rows that the first so many steps take altogether. */
  rowsIn(steps: number): number;
  /** The channel for step number `step` (from 0), its place in the order, and how many like it follow at once. */
  at(step: number): { readonly channel: Channel; readonly start: number; readonly most: number };
  /** Other programs may have run: they overwrite uploaded rows, and the session may have got others. */
  forget(): void;
}

/** `before`: steps that the session made in earlier runs, after which sections count on. */
export function createSteps(
  session: Session,
  model: Model,
  feed: Feed,
  batch: number,
  before = 0,
): Steps {
  const full = Math.floor(feed.rows / batch);
  const rest = feed.rows % batch;
  const perEpoch = full + (rest === 0 ? 0 : 1);
  const channels = new Map<string, Channel>();
  let current: Channel | undefined;
  return {
    perEpoch,
    rowsIn: (steps) => Math.floor(steps / perEpoch) * feed.rows + (steps % perEpoch) * batch,
    at(step) {
      const within = step % perEpoch;
      if (within === full) return { channel: channelAt(step, rest), start: full * batch, most: 1 };
      const channel = channelAt(step, batch);
      const most = Math.min(perEpoch === 1 ? Infinity : full - within, alike(step, channel.steps));
      return { channel, start: within * batch, most };
    },
    forget() {
      channels.clear();
      current = undefined;
    },
  };

  function channelAt(step: number, rows: number): Channel {
    const sections = sectionsAt(model, before + step);
    const key = `${rows} ${sections?.join() ?? ''}`;
    const channel = channels.get(key) ?? createChannel(session, 'train', feed, rows, sections);
    channels.set(key, channel);
    // Programs of one size share their input buffers.
    if (channel !== current) channel.forget();
    current = channel;
    return channel;
  }

  /** How many steps from this one on, at most `limit`, run the same sections. */
  function alike(step: number, limit: number): number {
    const key = (at: number): string => sectionsAt(model, before + at)?.join() ?? '';
    let count = 1;
    while (count < limit && key(step + count) === key(step)) count += 1;
    return count;
  }
}
