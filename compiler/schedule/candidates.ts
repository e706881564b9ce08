/** The legal schedules of a kernel, what each would cost, and their order. */
import { InternalError } from '../internal-error.ts';
import { lower } from '../kernel/lower.ts';
import type { SingleSpec } from '../kernel/spec.ts';
import { contractFamily } from './contract-schedule.ts';
import { countWork, type Work } from './count-work.ts';
import type { DeviceProfile } from './device.ts';
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

type Ranking = readonly [Ranked, ...Ranked[]];

/** Specs are asked about more than once: whether to split one, what to choose, what to print. */
const rankings = new WeakMap<SingleSpec, WeakMap<DeviceProfile, Ranking>>();

/**
 * The candidates, best first. Among those that the estimates do not tell apart, the one that the family names
 * first leads.
 */
export function ranking(spec: SingleSpec, device: DeviceProfile): Ranking {
  const known = rankings.get(spec) ?? new WeakMap<DeviceProfile, Ranking>();
  rankings.set(spec, known);
  const ranked = known.get(device) ?? rank(spec, device);
  known.set(device, ranked);
  return ranked;
}

function rank(spec: SingleSpec, device: DeviceProfile): Ranking {
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
    const ir = lower(spec, schedule, { boundsFromUniform: device.class === 'cpu' });
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
