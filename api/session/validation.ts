/** What is measured after each epoch of a training run, over rows of either kind. */
import {
  type Evaluation,
  evaluate,
  evaluateAll,
  evaluationBatch,
  type Feed,
  type Workload,
} from '../../train/index.ts';
import type { StreamSource } from '../data/source.ts';
import { UsageError } from '../usage-error.ts';
import { modelOf, tableFeed } from './context.ts';
import { partsOf } from './measure.ts';
import type { FitTask } from './training-run.ts';

export interface Validation {
  /** By which a resumed run knows its rows. */
  readonly feed: Feed;
  /** Known from the beginning where the rows are. */
  readonly workload?: Workload;
  run(): Promise<Evaluation>;
}

/** A stream, of whose rows nothing is known before they come. */
export const unknownRows = ({ name }: StreamSource): Feed => ({
  name,
  rows: 0,
  columns: [],
  sizes: {},
});

/** `batch`: rows of a training step. Of a table a step takes as many, or more where that needs no program for a rest. */
export async function validationOf(
  { context, options, validation: source, settings }: FitTask,
  batch: number,
): Promise<Validation | undefined> {
  if (source === undefined) return undefined;
  const model = modelOf(context);
  const { programs } = context;
  const { signal } = options;
  if (source.kind === 'table') {
    const feed = await tableFeed(context, 'eval', source);
    const rows =
      settings.batch === 'all'
        ? feed.rows
        : Math.min(feed.rows, evaluationBatch([feed.rows], batch));
    const workload: Workload = { kind: 'eval', feed, batch: rows };
    return {
      feed,
      workload,
      async run() {
        await programs.ensure([workload]);
        return await evaluate(programs.session, model, feed, rows, signal);
      },
    };
  }
  const size = settings.batch === 'all' ? Infinity : batch;
  return {
    feed: unknownRows(source),
    async run() {
      const parts = partsOf(context, 'eval', source, size);
      const evaluation = await evaluateAll(programs.session, model, parts, signal);
      if (evaluation.rows > 0 || signal?.aborted === true) return evaluation;
      throw new UsageError(
        `${source.name} gave no rows`,
        'a stream is at its end after one pass: give a function that makes it anew, `dataset(() => rows())`',
      );
    },
  };
}
