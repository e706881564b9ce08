/**
 * Sends steps of one size to their program. Where every step takes all rows in the same order, they
 * are uploaded once and the steps after the first run on what is there.
 */

import type { ProgramKind } from '../compiler/programs.ts';
import type { SectionSet } from '../compiler/train-step.ts';
import type { RowOrder } from '../data/index.ts';
import type { Batch, Runner, Session } from '../runtime/index.ts';
import type { Feed } from './feed.ts';
import { createScratch, gather, rowsInPlace, type Scratch } from './gather.ts';
import { programAt } from './prepare.ts';

export interface Channel {
  /** How many steps the next `run` may have. */
  readonly steps: number;
  /** Runs `count` steps; step i takes the rows at places `start + i * rows` of the order. Await it before the next. */
  run(order: RowOrder | undefined, start: number, count: number): Promise<void>;
  /** Tells that another program may have overwritten the rows that were uploaded. */
  forget(): void;
}

/**
 * For steps of `rows` rows, of training in which these sections run. With `order` undefined in `run`,
 * rows are taken as they lie.
 */
export function createChannel(
  session: Session,
  kind: ProgramKind,
  feed: Feed,
  rows: number,
  sections?: SectionSet,
): Channel {
  const runner: Runner = session.runner(programAt(kind, feed, rows, sections));
  const takesAll = rows === feed.rows;
  const scratches: Scratch[] = [];
  const batches: Batch[] = [];
  let uploaded = false;

  return {
    get steps() {
      return takesAll ? runner.repeats : runner.steps;
    },
    async run(order, start, count) {
      batches.length = count;
      for (let step = 0; step < count; step += 1) {
        if (takesAll) {
          batches[step] = uploaded ? null : await rowsInPlace(feed, 0, rows);
          uploaded = true;
        } else batches[step] = await batchAt(order, start + step * rows, step);
      }
      await runner.run(batches);
    },
    forget() {
      uploaded = false;
    },
  };

  async function batchAt(order: RowOrder | undefined, start: number, step: number): Promise<Batch> {
    if (order === undefined) return await rowsInPlace(feed, start, rows);
    scratches[step] ??= createScratch(feed, rows);
    const scratch = scratches[step];
    await gather(feed, order, start, scratch);
    return scratch.batch;
  }
}
