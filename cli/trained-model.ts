/** A model with its trained weights on a device, ready to be run over rows of data: what `eval` and `predict` have in common. */
import type { ProgramKind } from '../compiler/programs.ts';
import { type AnyDataset, take } from '../data/index.ts';
import type { Session } from '../runtime/index.ts';
import {
  type Feed,
  initialise,
  neededInputs,
  noData,
  prepare,
  type Weights,
  writeWeights,
} from '../train/index.ts';
import type { Context } from './context.ts';
import { EXIT, UserError } from './failure.ts';
import { withGpu, withSession } from './gpu.ts';
import { feedFor, loadData, testRows } from './load-data.ts';
import type { LoadedModel } from './load-model.ts';
import type { RowOptions } from './model-options.ts';
import { readWeightsFile } from './weights-file.ts';

export interface TrainedModel {
  readonly session: Session;
  readonly feed: Feed;
  /** The rows that the feed was made from; absent where the model has no inputs. */
  readonly rows: AnyDataset | undefined;
  readonly batch: number;
}

/** Rows at a time where neither the option nor the file says. */
const DEFAULT_BATCH = 256;

/** Loads weights and rows, compiles the programs of this kind, and runs `body` with them. */
export async function withTrainedModel<T>(
  kind: Extract<ProgramKind, 'eval' | 'predict'>,
  loaded: LoadedModel,
  options: RowOptions,
  { env }: Context,
  body: (trained: TrainedModel) => Promise<T>,
): Promise<T> {
  const { model } = loaded;
  const weights = weightsFor(kind, loaded, options.weights);
  const rows = await rowsFor(kind, loaded, options, env);
  const feed = rows === undefined ? noData : await feedFor(loaded, kind, rows);
  const wanted = options.batch ?? (model.train.batch === 'all' ? feed.rows : DEFAULT_BATCH);
  const batch = Math.min(feed.rows, wanted);
  return await withGpu({ env }, async (gpu) => {
    const { plan } = prepare(model, [{ kind, feed, batch }], { device: gpu.profile });
    return await withSession(gpu, plan, async (session) => {
      initialise(session, model);
      if (weights !== undefined) writeWeights(session, model, weights, options.weights ?? '');
      return await body({ session, feed, rows, batch });
    });
  });
}

function weightsFor(
  command: string,
  { model, source }: LoadedModel,
  file: string | undefined,
): Weights | undefined {
  if (file !== undefined) return readWeightsFile(file);
  // States alone have nothing to learn: they are as the file says.
  if (model.params.length === 0) return undefined;
  throw new UserError(
    `nnc ${command} needs the trained weights of ${source.name}`,
    `train first, \`nnc train ${source.name} -o ${model.name}.safetensors\`, then give --weights ${model.name}.safetensors`,
    EXIT.usage,
  );
}

async function rowsFor(
  kind: ProgramKind,
  loaded: LoadedModel,
  options: RowOptions,
  env: NodeJS.ProcessEnv,
): Promise<AnyDataset | undefined> {
  if (neededInputs(loaded.model, kind).length === 0) return undefined;
  const rows = testRows(await loadData(loaded, options, env));
  return options.limit === undefined ? rows : take(rows, options.limit);
}
