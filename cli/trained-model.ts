/** A model with its trained weights on a device, ready to be run over rows of data: what `eval` and `predict` have in common. */
import type { ProgramKind } from '../compiler/programs.ts';
import { type AnyDataset, type ClassNames, classesOf } from '../data/index.ts';
import type { Session } from '../runtime/index.ts';
import { type Feed, initialise, neededInputs, noData, writeWeights } from '../train/index.ts';
import { type ChosenRows, chosenRows } from './chosen-rows.ts';
import type { Context } from './context.ts';
import { EXIT, UserError } from './failure.ts';
import { withGpu, withSession } from './gpu.ts';
import { feedFor } from './load-data.ts';
import type { LoadedModel } from './load-model.ts';
import type { RowOptions } from './model-options.ts';
import { planFor } from './plan-for.ts';
import { schedulesOf } from './schedule-option.ts';
import { readWeightsFile, type SavedWeights } from './weights-file.ts';

export type RunKind = Extract<ProgramKind, 'eval' | 'predict'>;

export interface TrainedModel {
  readonly session: Session;
  readonly kinds: readonly RunKind[];
  /** What programs of this kind are fed; they all take the same rows. */
  feed(kind: RunKind): Feed;
  /** The rows that the feeds were made from; absent where the model has no inputs. */
  readonly rows: AnyDataset | undefined;
  /** What to know of the rows. */
  readonly note: string | undefined;
  /** By column: how the data that were trained on, or else these, number their classes. */
  readonly classes: ClassNames;
  readonly batch: number;
}

/** Rows at a time where neither the option nor the file says. */
const DEFAULT_BATCH = 256;

/** Loads weights and rows, compiles the programs of these kinds, and runs `body` with them. `command`: for messages. */
export async function withTrainedModel<T>(
  { command, kinds }: { readonly command: string; readonly kinds: readonly RunKind[] },
  loaded: LoadedModel,
  options: RowOptions,
  { env }: Context,
  body: (trained: TrainedModel) => Promise<T>,
): Promise<T> {
  const { model } = loaded;
  const weights = weightsFor(command, loaded, options.weights);
  const chosen = await rowsFor(kinds, loaded, options, weights?.classes, env);
  const rows = chosen?.dataset;
  const feeds = new Map<RunKind, Feed>();
  for (const kind of kinds)
    feeds.set(kind, rows === undefined ? noData : await feedFor(loaded, kind, rows));
  const count = rows?.rows ?? 1;
  const wanted = options.batch ?? (model.train.batch === 'all' ? 'all' : DEFAULT_BATCH);
  const batch = wanted === 'all' ? count : Math.min(count, wanted);
  return await withGpu({ env, measured: options.measured === true }, async (gpu) => {
    const work = [...feeds].map(([kind, feed]) => ({ kind, feed, batch }));
    const { plan } = await planFor(loaded, work, gpu, {
      ...options,
      schedules: schedulesOf(options),
    });
    return await withSession(gpu, plan, async (session) => {
      initialise(session, model);
      if (weights !== undefined)
        writeWeights(session, model, weights.tensors, options.weights ?? '');
      const classes = { ...(rows === undefined ? {} : classesOf(rows)), ...weights?.classes };
      const feed = (kind: RunKind): Feed => feeds.get(kind) ?? noData;
      return await body({ session, kinds, feed, rows, note: chosen?.note, classes, batch });
    });
  });
}

function weightsFor(
  command: string,
  { model, given }: LoadedModel,
  file: string | undefined,
): SavedWeights | undefined {
  if (file !== undefined) return readWeightsFile(file);
  // States alone have nothing to learn: they are as the file says.
  if (model.params.length === 0) return undefined;
  throw new UserError(
    `nnc ${command} needs the trained weights of ${given}`,
    `train first, \`nnc train ${given} -o ${model.name}.safetensors\`, then give --weights ${model.name}.safetensors`,
    EXIT.usage,
  );
}

async function rowsFor(
  kinds: readonly RunKind[],
  loaded: LoadedModel,
  options: RowOptions,
  classes: ClassNames | undefined,
  env: NodeJS.ProcessEnv,
): Promise<ChosenRows | undefined> {
  if (kinds.every((kind) => neededInputs(loaded.model, kind).length === 0)) return undefined;
  return await chosenRows(loaded, options, classes, env);
}
