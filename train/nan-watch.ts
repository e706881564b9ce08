/** Stops at the first step or batch that is not finite, and says where that begins: `--trace-nan`, and `traceNan` of the API. */
import type { Model } from '../compiler/model.ts';
import type { SourceLookup } from '../grammar/index.ts';
import type { Session } from '../runtime/index.ts';
import type { Averages } from './averages.ts';
import type { Feed } from './feed.ts';
import { nanText } from './nan-text.ts';
import type { Prediction } from './predict.ts';
import type { RunOptions } from './run-options.ts';
import type { NanTrace } from './trace-nan.ts';
import { TrainingError } from './training-error.ts';

/** A model, and the texts that its nodes come from. */
interface TracedModel {
  readonly model: Model;
  readonly sources: SourceLookup;
}

/** What the training loop is to do after each step. */
export async function watchForNaN(
  session: Session,
  traced: TracedModel,
): Promise<Required<Pick<RunOptions, 'afterStep'>>> {
  // Here, since it needs the compiler, which a run with a plan of an earlier one does not load.
  const { createNanWatch } = await import('./trace-nan.ts');
  const watch = await createNanWatch(session, traced.model);
  return {
    async afterStep(step) {
      const trace = await watch.after(step);
      if (trace === undefined) return;
      const { place } = step;
      const epoch = place.stepsInEpoch === 1 ? '' : `, in epoch ${place.epoch}`;
      throw errorOf(trace, `step ${place.step}${epoch}`, traced);
    },
  };
}

/** Throws TrainingError NN0506 where a loss or metric of the evaluation is not finite. */
export async function checkEvaluation(
  traced: TracedModel,
  run: { readonly session: Session; readonly feed: Feed; readonly batch: number },
  values: Averages,
): Promise<void> {
  if ([...values.values()].every(Number.isFinite)) return;
  const { traceEvaluation } = await import('./trace-nan.ts');
  const found = await traceEvaluation(run.session, traced.model, run.feed, run.batch);
  if (found === undefined) return;
  throw errorOf(found.trace, rowsText(found.start, found.rows), traced);
}

/** Throws TrainingError NN0506 where an output of the batch is not finite. */
export async function checkPrediction(
  traced: TracedModel,
  session: Session,
  feed: Feed,
  { start, rows, outputs }: Prediction,
): Promise<void> {
  const names = outputs.flatMap(({ name, values }) =>
    values.every(Number.isFinite) ? [] : [name],
  );
  if (names.length === 0) return;
  const { traceRows } = await import('./trace-nan.ts');
  const trace = await traceRows(session, traced.model, 'predict', { feed, rows, start }, names);
  throw errorOf(trace, rowsText(start, rows), traced);
}

/** People count rows from 1. */
const rowsText = (start: number, rows: number): string =>
  rows === 1 ? `row ${start + 1}` : `rows ${start + 1} to ${start + rows}`;

function errorOf(trace: NanTrace, where: string, { model, sources }: TracedModel): TrainingError {
  const { message, help } = nanText(trace, { where, graph: model.graph, sources });
  return new TrainingError('NN0506', message, help);
}
