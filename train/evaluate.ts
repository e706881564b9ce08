/** Losses and metrics of the model as it is, over all rows of a feed. */

import type { Model } from '../compiler/model.ts';
import { metricNames } from '../compiler/programs.ts';
import type { Session } from '../runtime/index.ts';
import { type Averages, createTally } from './averages.ts';
import { createChannel } from './channel.ts';
import type { Feed } from './feed.ts';
import { batchSizes, weightOf } from './prepare.ts';

export interface Evaluation {
  readonly values: Averages;
  readonly rows: number;
}

/** Sets the metric sums to 0 before and after. The programs for `eval` at these sizes must be in the plan. */
export async function evaluate(
  session: Session,
  model: Model,
  feed: Feed,
  batch: number,
  signal?: AbortSignal,
): Promise<Evaluation> {
  const tally = createTally(session, metricNames(model, 'eval'));
  tally.begin();
  let start = 0;
  for (const rows of batchSizes(feed.rows, batch)) {
    const channel = createChannel(session, 'eval', feed, rows);
    while (feed.rows - start >= rows && signal?.aborted !== true) {
      const count = Math.min(channel.steps, Math.floor((feed.rows - start) / rows));
      await channel.run(undefined, start, count);
      tally.submitted(count * weightOf(model, rows));
      start += count * rows;
    }
  }
  const values = await tally.collect();
  return { values, rows: start };
}
