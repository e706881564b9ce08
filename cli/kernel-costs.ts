/** What each kernel of a program has to do, by what its spec says, and what that should take. Pure. */
import type { Compiled } from '../compiler/compile.ts';
import { InternalError } from '../compiler/internal-error.ts';
import { lower } from '../compiler/kernel/lower.ts';
import { type KernelSpec, partsOfSpec } from '../compiler/kernel/spec.ts';
import { countFlops } from '../compiler/schedule/count-flops.ts';
import { countWork } from '../compiler/schedule/count-work.ts';
import { type DeviceProfile, deviceCompiler } from '../compiler/schedule/device.ts';
import { boundBytes, type EstimateParts, estimateWork } from '../compiler/schedule/estimate.ts';
import type { Schedule } from '../compiler/schedule/schedule.ts';

export const limits = ['launch', 'memory', 'access', 'arithmetic', 'barriers'] as const;
export type Limit = (typeof limits)[number];

export interface KernelCost {
  readonly kernel: string;
  /** Lines of the model, as the plan has them: `models/mnist.nn:5 dense (vjp of contract)`. */
  readonly origin: readonly string[];
  /** Numbers of its dispatches in the program. */
  readonly dispatches: readonly number[];
  /** Bytes of all that it binds, each once, and twice what it reads and writes. */
  readonly bytes: number;
  readonly flops: number;
  /** What takes most of its time by the estimates. */
  readonly limit: Limit;
}

/** In the order of the plan's program number `index`. */
export function kernelCosts(
  compiled: Compiled,
  index: number,
  device: DeviceProfile,
): readonly KernelCost[] {
  const dispatches = compiled.plan.programs[index]?.dispatches ?? [];
  return (compiled.placed[index] ?? []).map(({ spec, dispatches: own }): KernelCost => {
    const id = dispatches[own[0] ?? -1]?.kernel;
    const kernel = compiled.plan.kernels.find((one) => one.id === id);
    const scheduled = compiled.kernels.find((one) => one.id === id);
    if (kernel === undefined || scheduled === undefined)
      throw new InternalError('profile', `dispatch ${own[0]} has no kernel`);
    return {
      kernel: kernel.name,
      origin: kernel.origin,
      dispatches: own,
      bytes: boundBytes(spec),
      flops: countFlops(spec),
      limit: limitOf(spec, scheduled.schedule, device),
    };
  });
}

/** Kernels side by side are each estimated alone, and share the launch. */
function limitOf(spec: KernelSpec, schedule: Schedule, device: DeviceProfile): Limit {
  const schedules = schedule.kind === 'side-by-side' ? schedule.parts : [schedule];
  const parts = partsOfSpec(spec).flatMap((part, i): readonly EstimateParts[] => {
    const own = schedules[i];
    if (own === undefined) return [];
    const ir = lower(part, own, deviceCompiler(device));
    const grid = { workgroups: ir.workgroups, workgroup: schedule.workgroup };
    return [estimateWork(countWork(ir), grid, boundBytes(part), device).parts];
  });
  const total = (limit: Limit): number => {
    const all = parts.map((part) => part[limit]);
    return limit === 'launch' ? Math.max(...all) : all.reduce((sum, one) => sum + one, 0);
  };
  return limits.reduce((most, one) => (total(one) > total(most) ? one : most));
}
