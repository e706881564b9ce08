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
  // What a command has added to the model is not in the texts.
  const cache = how.cache !== false && origin.model === model ? planCache() : undefined;
  const { texts, options } = origin;
  const schedules = [...(how.schedules.schedules ?? [])];
  const source = { name: model.name, texts, options, programs, device, schedules };
  const found = cache?.find(source);
  if (found !== undefined) return { plan: found, kept: true };
  const { plan } = await prepare(model, workloads, { device, ...how.schedules });
  cache?.keep(source, plan);
  return { plan, kept: false };
}
