/** The legal schedules of a kernel, what each would cost, and their order. */
import { InternalError } from '../internal-error.ts';
import { lower } from '../kernel/lower.ts';
import type { SingleSpec } from '../kernel/spec.ts';
import { contractFamily } from './contract-schedule.ts';
import { countWork, type Work } from './count-work.ts';
import { type DeviceProfile, deviceCompiler } from './device.ts';
import { boundBytes, type Estimate, estimateWork, type Grid } from './estimate.ts';
import type { ScheduleFamily } from './family.ts';
import { mapFamily } from './map-schedule.ts';
import { prefixFamily } from './prefix-schedule.ts';
import { rowFamily } from './row-schedule.ts';
import { printSchedule, type SingleSchedule } from './schedule.ts';

const families: { readonly [K in SingleSpec['kind']]: ScheduleFamily<K> } = {
  map: mapFamily,
  row: rowFamily,
  contract: contractFamily,
  prefix: prefixFamily,
};

/** The kinds of a spec and of its schedules are the same, which the type of a table cannot say. */
const familyOf = (spec: SingleSpec): ScheduleFamily<SingleSpec['kind']> =>
  families[spec.kind] as unknown as ScheduleFamily<SingleSpec['kind']>;

/** Every legal schedule; at least one. */
export function candidates(spec: SingleSpec, device: DeviceProfile): readonly SingleSchedule[] {
  return familyOf(spec).candidates(spec, device);
}

/** Whether the schedule goes with workgroups of any size. */
export const hasFreeWorkgroup = (spec: SingleSpec, schedule: SingleSchedule): boolean =>
  familyOf(spec).freeWorkgroup(schedule);

/** What a legal schedule would cost, in microseconds. */
export const estimate = (
  spec: SingleSpec,
  schedule: SingleSchedule,
  device: DeviceProfile,
): Estimate => estimator(spec, device)(schedule);

export interface Ranked {
  readonly schedule: SingleSchedule;
  readonly estimate: Estimate;
}

/**
 * The candidates, best first. Among those that the estimates do not tell apart, the one that the family names
 * first leads.
 */
export function ranking(spec: SingleSpec, device: DeviceProfile): readonly [Ranked, ...Ranked[]] {
  const estimateOf = estimator(spec, device);
  const all = candidates(spec, device).map(
    (schedule): Ranked => ({ schedule, estimate: estimateOf(schedule) }),
  );
  const least = Math.min(...all.map((r) => r.estimate.microseconds));
  const first = all.find((r) => r.estimate.microseconds <= familyOf(spec).tolerance * least);
  if (first === undefined) throw new InternalError('schedule', `a ${spec.kind} without schedules`);
  const rest = all
    .filter((r) => r !== first)
    .sort((a, b) => a.estimate.microseconds - b.estimate.microseconds);
  return [first, ...rest];
}

/** Specs are asked about more than once: whether to split one, what to choose. */
const known = new WeakMap<SingleSpec, WeakMap<DeviceProfile, Ranked>>();

/** The first of the ranking, without estimates of schedules that cannot be it. */
export function bestRanked(spec: SingleSpec, device: DeviceProfile): Ranked {
  const byDevice = known.get(spec) ?? new WeakMap<DeviceProfile, Ranked>();
  known.set(spec, byDevice);
  const best = byDevice.get(device) ?? findBest(spec, device);
  byDevice.set(device, best);
  return best;
}

function findBest(spec: SingleSpec, device: DeviceProfile): Ranked {
  const { tolerance, ...family } = familyOf(spec);
  const estimateOf = estimator(spec, device);
  const leastOf = family.least?.(spec, device) ?? (() => 0);
  const { schedules, fits } = family.proposals?.(spec, device) ?? {
    schedules: candidates(spec, device),
    fits: () => true,
  };
  const open = schedules
    .map((schedule, order) => ({ schedule, order, bound: leastOf(schedule) }))
    .sort((a, b) => a.bound - b.bound);
  let least = Number.POSITIVE_INFINITY;
  const estimated: (Ranked & { readonly order: number })[] = [];
  for (const { schedule, order, bound } of open) {
    if (bound > tolerance * least) break;
    if (!fits(schedule)) continue;
    const estimate = estimateOf(schedule);
    least = Math.min(least, estimate.microseconds);
    estimated.push({ schedule, estimate, order });
  }
  const [first] = estimated
    .filter((e) => e.estimate.microseconds <= tolerance * least)
    .sort((a, b) => a.order - b.order);
  // Where nothing fits, there is a last resort among the candidates.
  return first ?? ranking(spec, device)[0];
}

/** Estimates schedules of one spec; bodies that differ only in the workgroup's size are lowered once. */
function estimator(
  spec: SingleSpec,
  device: DeviceProfile,
): (schedule: SingleSchedule) => Estimate {
  const family = familyOf(spec);
  const bodies = new Map<string, { readonly work: Work; readonly grid: Grid }>();
  const lowered = (schedule: SingleSchedule): { readonly work: Work; readonly grid: Grid } => {
    const key = printSchedule(schedule);
    const seen = bodies.get(key);
    if (seen !== undefined) return seen;
    const ir = lower(spec, schedule, deviceCompiler(device));
    const body = { work: countWork(ir), grid: ir };
    bodies.set(key, body);
    return body;
  };
  return (schedule) => {
    const bytes = family.traffic?.(spec, schedule, device) ?? boundBytes(spec);
    if (!family.freeWorkgroup(schedule)) {
      const { work, grid } = lowered(schedule);
      return estimateWork(work, grid, bytes, device);
    }
    const { work, grid } = lowered({ ...schedule, workgroup: 1 });
    const { workgroup } = schedule;
    const workgroups = Math.ceil(grid.workgroups / workgroup);
    return estimateWork(work, { workgroup, workgroups }, bytes, device);
  };
}
