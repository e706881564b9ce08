/** `--trace-nan`: stops at the first step or batch that is not finite, and says where that begins. */
import type { Session } from '../runtime/index.ts';
import {
  type Averages,
  type Feed,
  type FitOptions,
  type Prediction,
  TrainingError,
} from '../train/index.ts';
import type { NanTrace } from '../train/trace-nan.ts';
import type { LoadedModel } from './load-model.ts';
import { nanText } from './nan-text.ts';
import type { TrainedModel } from './trained-model.ts';

/** What the training loop is to do after each step. */
export async function watchForNaN(
  session: Session,
  loaded: LoadedModel,
): Promise<Required<Pick<FitOptions, 'afterStep'>>> {
  // Here, since it needs the compiler, which a run with a plan of an earlier one does not load.
  const { createNanWatch } = await import('../train/trace-nan.ts');
  const watch = await createNanWatch(session, loaded.model);
  return {
    async afterStep(step) {
      const trace = await watch.after(step);
      if (trace === undefined) return;
      const { place } = step;
      const epoch = place.stepsInEpoch === 1 ? '' : `, in epoch ${place.epoch}`;
      throw errorOf(trace, `step ${place.step}${epoch}`, loaded);
    },
  };
}

/** Throws TrainingError NN0506 where a loss or metric of the evaluation is not finite. */
export async function checkEvaluation(
  loaded: LoadedModel,
  { session, feed, batch }: TrainedModel,
  values: Averages,
): Promise<void> {
  if ([...values.values()].every(Number.isFinite)) return;
  const { traceEvaluation } = await import('../train/trace-nan.ts');
  const found = await traceEvaluation(session, loaded.model, feed('eval'), batch);
  if (found === undefined) return;
  throw errorOf(found.trace, rowsText(found.start, found.rows), loaded);
}

/** Throws TrainingError NN0506 where an output of the batch is not finite. */
export async function checkPrediction(
  loaded: LoadedModel,
  session: Session,
  feed: Feed,
  { start, rows, outputs }: Prediction,
): Promise<void> {
  const names = outputs.flatMap(({ name, values }) =>
    values.every(Number.isFinite) ? [] : [name],
  );
  if (names.length === 0) return;
  const { traceRows } = await import('../train/trace-nan.ts');
  const trace = await traceRows(session, loaded.model, 'predict', { feed, rows, start }, names);
  throw errorOf(trace, rowsText(start, rows), loaded);
}

/** People count rows from 1. */
const rowsText = (start: number, rows: number): string =>
  rows === 1 ? `row ${start + 1}` : `rows ${start + 1} to ${start + rows}`;

function errorOf(trace: NanTrace, where: string, { model, sources }: LoadedModel): TrainingError {
  const { message, help } = nanText(trace, { where, graph: model.graph, sources });
  return new TrainingError('NN0506', message, help);
}
