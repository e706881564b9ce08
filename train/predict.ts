/** The outputs of a model for every row of a feed, batch by batch. */

import { equalDims, symbol } from '../compiler/graph/dim.ts';
import type { Model } from '../compiler/model.ts';
import type { Session, StorageType } from '../runtime/index.ts';
import { createChannel } from './channel.ts';
import { type ElementArray, numbersOf } from './element-arrays.ts';
import type { Feed } from './feed.ts';
import { batchSizes, programAt } from './prepare.ts';

export interface Prediction {
  /** The first row of the batch, and how many there are. */
  readonly start: number;
  readonly rows: number;
  readonly outputs: readonly PredictedTensor[];
}

export interface PredictedTensor {
  readonly name: string;
  readonly dtype: StorageType;
  /** Of the whole batch. */
  readonly shape: readonly number[];
  readonly values: ElementArray;
  /** Whether the first axis is that of the rows. */
  readonly byRow: boolean;
}

/** The programs for `predict` at these sizes must be in the plan. */
export async function* predict(
  session: Session,
  model: Model,
  feed: Feed,
  batch: number,
): AsyncGenerator<Prediction> {
  const names = model.evaluation.outputs.map((output) => output.name);
  const byRow = new Set(
    model.evaluation.outputs
      .filter(({ node: { type } }) => {
        const [first] = type.shape;
        return (
          feed.symbol !== undefined && first !== undefined && equalDims(first, symbol(feed.symbol))
        );
      })
      .map((output) => output.name),
  );
  let start = 0;
  for (const rows of batchSizes(feed.rows, batch)) {
    const channel = createChannel(session, 'predict', feed, rows);
    const program = programAt('predict', feed, rows);
    const tensors = session.plan.tensors.filter(
      (tensor) => tensor.role === 'output' && tensor.program === program,
    );
    for (; feed.rows - start >= rows; start += rows) {
      await channel.run(undefined, start, 1);
      const values = await session.read(names, { role: 'output', program });
      const outputs = tensors.flatMap(({ name, dtype, shape }): PredictedTensor[] => {
        const data = values.get(name);
        return data === undefined
          ? []
          : [{ name, dtype, shape, values: numbersOf(dtype, data), byRow: byRow.has(name) }];
      });
      yield { start, rows, outputs };
    }
  }
}
