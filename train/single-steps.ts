/** Training steps given one at a time, for a loop of one's own: as many as the device keeps up with, and their averages. */

import type { Model } from '../compiler/model.ts';
import { metricNames } from '../compiler/programs.ts';
import { sectionsAt } from '../compiler/train-step.ts';
import type { Session } from '../runtime/index.ts';
import { type Averages, createTally } from './averages.ts';
import type { Feed } from './feed.ts';
import { rowsInPlace } from './gather.ts';
import { programAt, weightOf } from './prepare.ts';

export interface SingleSteps {
  /** All rows of the feed as step number `step` (from 0) of the session; its program must be there. Resolves when another may follow. */
  run(feed: Feed, step: number): Promise<void>;
  /** Averages over the steps since the last time; those of that time where there were none. Waits for the device. */
  averages(): Promise<Averages>;
  /** Takes what is on the device, before something else uses its sums. */
  settle(): Promise<void>;
}

/** Begins with the sums as they are left by whatever ran before. */
export function createSingleSteps(session: Session, model: Model): SingleSteps {
  const tally = createTally(session, metricNames(model, 'train'));
  let open = false;
  let told = true;
  let last: Averages = new Map();
  const settle = async (): Promise<void> => {
    if (!open) return;
    await tally.collect();
    last = tally.total();
    open = false;
  };
  return {
    async run(feed, step) {
      if (told) tally.begin();
      else if (!open) session.metrics.reset();
      told = false;
      open = true;
      const program = programAt('train', feed, feed.rows, sectionsAt(model, step));
      await session.runner(program).run([await rowsInPlace(feed, 0, feed.rows)]);
      tally.submitted(weightOf(model, feed.rows));
    },
    async averages() {
      await settle();
      told = true;
      return last;
    },
    settle,
  };
}
