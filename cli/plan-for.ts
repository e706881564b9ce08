/** The plan of the programs that a command runs: that of an earlier process where nothing has changed, else compiled now. */
import type { CompileOptions } from '../compiler/compile.ts';
import { planCache } from '../host/node.ts';
import type { Plan } from '../runtime/index.ts';
import { checkedPrograms, prepare, type Workload } from '../train/index.ts';
import type { Gpu } from './gpu.ts';
import type { LoadedModel } from './load-model.ts';

export interface CacheOption {
  /** False for `--no-cache`. */
  readonly cache?: boolean;
}

/** Throws TrainingError for sizes that the model cannot have, CapacityError, and ScheduleError. */
export async function planFor(
  { model, origin }: Pick<LoadedModel, 'model' | 'origin'>,
  workloads: readonly Workload[],
  { profile: device }: Pick<Gpu, 'profile'>,
  how: CacheOption & { readonly schedules: Pick<CompileOptions, 'schedules'> },
): Promise<{ readonly plan: Plan; readonly kept: boolean }> {
  const programs = checkedPrograms(model, workloads);
  const schedules = [...(how.schedules.schedules ?? [])];
  // What a command has added to the model is not in the texts.
  const known = how.cache !== false && origin?.model === model ? origin : undefined;
  const cache = known && planCache();
  const source = known && {
    name: model.name,
    texts: known.texts,
    options: known.options,
    programs,
    device,
    schedules,
  };
  const found = source && cache?.find(source);
  if (found !== undefined) return { plan: found, kept: true };
  const { plan } = await prepare(model, workloads, { device, ...how.schedules });
  if (source !== undefined) cache?.keep(source, plan);
  return { plan, kept: false };
}
