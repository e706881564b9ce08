/** Evaluations and predictions over tables and streams, in parts whose programs are made when it is their turn. */
import { metricNames, type ProgramKind } from '../../compiler/programs.ts';
import {
  type EvaluatedPart,
  evaluateAll,
  evaluationBatch,
  neededInputs,
  noData,
  type PredictedTensor,
  predict,
  untilAborted,
} from '../../train/index.ts';
import type { Source } from '../data/source.ts';
import { checkOptions, type OptionNames } from '../options.ts';
import { UsageError } from '../usage-error.ts';
import { type Context, modelOf, readData, streamFeeds, tableFeed } from './context.ts';
import { checkWhole } from './fit-settings.ts';
import { record } from './listener.ts';
import type { EvaluateOptions } from './model-session.ts';
import type { TensorValues, Values } from './shape.ts';

/** Rows at a time where nobody says. */
const USUAL_ROWS = 256;

const optionNames: OptionNames<EvaluateOptions> = { batch: true, signal: true };

/** The feeds of a source, each with the programs that it needs. */
export async function* partsOf(
  context: Context,
  kind: ProgramKind,
  source: Source,
  batch: number,
): AsyncGenerator<EvaluatedPart> {
  if (source.kind === 'table') {
    const feed = await tableFeed(context, kind, source);
    const part = { feed, batch: Math.min(feed.rows, batch) };
    await context.programs.ensure([{ kind, ...part }]);
    yield part;
    return;
  }
  for await (const feed of streamFeeds(context, kind, source, 0, batch)) {
    const part = { feed, batch: feed.rows };
    await context.programs.ensure([{ kind, ...part }]);
    yield part;
  }
}

/** Throws UsageError where the model measures nothing. */
export async function runEvaluate(
  context: Context,
  data: unknown,
  options: EvaluateOptions,
): Promise<Values> {
  checkOptions('evaluate', options, optionNames);
  const { batch, signal } = options;
  const model = modelOf(context);
  if (metricNames(model, 'eval').length === 0)
    throw new UsageError(
      'the model has no loss and no metric to evaluate',
      'give it one: `metric accuracy = …`',
    );
  if (batch !== undefined) checkWhole('batch', batch, 1);
  const source = readData(context, data, 'data to evaluate');
  const { train } = model;
  const ofModel = typeof train.batch === 'number' ? train.batch : undefined;
  // As `fit` validates, so that it takes the same programs.
  const usual = batch ?? context.batch ?? ofModel ?? USUAL_ROWS;
  const rows =
    source.kind === 'table' && batch === undefined
      ? evaluationBatch([source.table.rows], Math.min(usual, source.table.rows))
      : usual;
  const { values } = await evaluateAll(
    context.programs.session,
    model,
    partsOf(context, 'eval', source, rows),
    signal,
  );
  signal?.throwIfAborted();
  return record(values);
}

/** Without data: what a model computes that has no inputs. */
export async function runPredict(
  context: Context,
  data: unknown,
  options: EvaluateOptions,
): Promise<Readonly<Record<string, TensorValues>>> {
  checkOptions('predict', options, optionNames);
  const { batch, signal } = options;
  const model = modelOf(context);
  if (model.evaluation.outputs.length === 0)
    throw new UsageError('the model has no outputs to predict', 'give it one: `output y = …`');
  if (batch !== undefined) checkWhole('batch', batch, 1);
  const collected = new Map<string, PredictedTensor[]>();
  const parts = predictedParts(context, data, batch ?? context.batch ?? USUAL_ROWS);
  for await (const part of untilAborted(parts, signal)) {
    for await (const { outputs } of predict(
      context.programs.session,
      model,
      part.feed,
      part.batch,
    )) {
      signal?.throwIfAborted();
      for (const output of outputs) {
        const parts = collected.get(output.name) ?? [];
        collected.set(output.name, parts);
        parts.push(output);
      }
    }
  }
  signal?.throwIfAborted();
  return Object.fromEntries([...collected].map(([name, parts]) => [name, joined(name, parts)]));
}

async function* predictedParts(
  context: Context,
  data: unknown,
  batch: number,
): AsyncGenerator<EvaluatedPart> {
  if (neededInputs(modelOf(context), 'predict').length > 0 || data !== undefined) {
    if (data === undefined)
      throw new UsageError(
        'a prediction of this model takes data',
        'give its inputs: `predict({ image: … })`',
      );
    yield* partsOf(context, 'predict', readData(context, data, 'data to predict'), batch);
    return;
  }
  const part = { feed: noData, batch: 1 };
  await context.programs.ensure([{ kind: 'predict', ...part }]);
  yield part;
}

/** The batches of an output, one after the other. */
function joined(name: string, parts: readonly PredictedTensor[]): TensorValues {
  const [first, second] = parts;
  if (first === undefined)
    throw new UsageError('there are no rows to predict', 'give one at least');
  const { dtype } = first;
  if (second === undefined) return { dtype, shape: first.shape, data: first.values };
  const [, ...rowShape] = first.shape;
  if (!first.byRow)
    throw new UsageError(
      `\`${name}\` is one value for a whole batch, and there are ${parts.length} batches`,
      'take all rows at once: `predict(data, { batch: rows })`',
    );
  const misfit = parts.find((part) => `${part.shape.slice(1)}` !== `${rowShape}`);
  if (misfit !== undefined)
    throw new UsageError(
      `\`${name}\` has rows of [${rowShape.join(', ')}] in one batch and of [${misfit.shape.slice(1).join(', ')}] in another`,
      'predict rows of one shape at a time',
    );
  const length = parts.reduce((sum, part) => sum + part.values.length, 0);
  const data = emptyLike(first.values, length);
  let at = 0;
  for (const part of parts) {
    data.set(part.values, at);
    at += part.values.length;
  }
  const rows = parts.reduce((sum, part) => sum + (part.shape[0] ?? 0), 0);
  return { dtype, shape: [rows, ...rowShape], data };
}

const emptyLike = (values: PredictedTensor['values'], length: number): PredictedTensor['values'] =>
  Reflect.construct(values.constructor, [length]) as PredictedTensor['values'];
