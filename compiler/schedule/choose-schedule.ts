/** The schedule of a kernel on a device: the fastest of those that were measured, else the best by estimate. */
import type { KernelSpec, SingleSpec } from '../kernel/spec.ts';
import { bestRanked, candidates } from './candidates.ts';
import type { DeviceProfile } from './device.ts';
import type { Measure } from './measure.ts';
import type { Schedule, SingleSchedule } from './schedule.ts';
import { scheduleSideBySide } from './side-by-side-schedule.ts';
import { specKey } from './spec-key.ts';

export function chooseSchedule(
  spec: SingleSpec,
  device: DeviceProfile,
  measure?: Measure,
): SingleSchedule {
  return (measure && fastest(spec, device, measure)) ?? bestRanked(spec, device).schedule;
}

/** The schedule of a whole dispatch, `choose` deciding for each kernel in it. */
export const scheduleDispatch = (
  spec: KernelSpec,
  device: DeviceProfile,
  choose: typeof chooseSchedule = chooseSchedule,
): Schedule =>
  spec.kind === 'side-by-side' ? scheduleSideBySide(spec, device, choose) : choose(spec, device);

/** Schedules that were chosen for a device, by what their kernels compute. */
export type ChosenSchedules = Map<string, SingleSchedule>;

/** Chooses as above, once for kernels that compute the same: layers that are repeated, and those `chosen` for before. */
export function chooseOnce(
  measure?: Measure,
  chosen: ChosenSchedules = new Map(),
): typeof chooseSchedule {
  return (spec, device) => {
    const key = specKey(spec);
    const seen = chosen.get(key);
    if (seen !== undefined) return seen;
    const schedule = chooseSchedule(spec, device, measure);
    chosen.set(key, schedule);
    return schedule;
  };
}

function fastest(
  spec: SingleSpec,
  device: DeviceProfile,
  measure: Measure,
): SingleSchedule | undefined {
  const key = specKey(spec);
  const measured = candidates(spec, device).flatMap((schedule) => {
    const microseconds = measure({ key, spec, schedule, device });
    return microseconds === undefined ? [] : [{ schedule, microseconds }];
  });
  return measured.sort((a, b) => a.microseconds - b.microseconds)[0]?.schedule;
}
