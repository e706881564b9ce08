/** Losses and metrics of the model as it is, over all rows of a feed. */

import type { Model } from '../compiler/model.ts';
import { metricNames } from '../compiler/programs.ts';
import type { Session } from '../runtime/index.ts';
import { type Averages, createTally } from './averages.ts';
import { createChannel } from './channel.ts';
import type { Feed } from './feed.ts';
import { batchSizes, weightOf } from './prepare.ts';
import { untilAborted } from './until-aborted.ts';

export interface Evaluation {
  readonly values: Averages;
  readonly rows: number;
}

/** Sets the metric sums to 0 before and after. The programs for `eval` at these sizes must be in the plan. */
export const evaluate = (
  session: Session,
  model: Model,
  feed: Feed,
  batch: number,
  signal?: AbortSignal,
): Promise<Evaluation> => evaluateAll(session, model, [{ feed, batch }], signal);

/** The same over several feeds, one after the other; what they need is asked for when it is their turn. */
export async function evaluateAll(
  session: Session,
  model: Model,
  parts: Iterable<EvaluatedPart> | AsyncIterable<EvaluatedPart>,
  signal?: AbortSignal,
): Promise<Evaluation> {
  const tally = createTally(session, metricNames(model, 'eval'));
  tally.begin();
  let done = 0;
  for await (const { feed, batch } of untilAborted(parts, signal)) {
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
    done += start;
    if (signal?.aborted === true) break;
  }
  const values = await tally.collect();
  return { values, rows: done };
}

export interface EvaluatedPart {
  readonly feed: Feed;
  readonly batch: number;
}
