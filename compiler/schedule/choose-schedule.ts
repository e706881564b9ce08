/** The schedule of a kernel on a device: the fastest of those that were measured, else the best by estimate. */
import type { KernelSpec } from '../kernel/spec.ts';
import { candidates, ranking } from './candidates.ts';
import type { DeviceProfile } from './device.ts';
import type { Measure } from './measure.ts';
import type { Schedule } from './schedule.ts';
import { specKey } from './spec-key.ts';

export function chooseSchedule(
  spec: KernelSpec,
  device: DeviceProfile,
  measure?: Measure,
): Schedule {
  return (measure && fastest(spec, device, measure)) ?? ranking(spec, device)[0].schedule;
}

function fastest(spec: KernelSpec, device: DeviceProfile, measure: Measure): Schedule | undefined {
  const key = specKey(spec);
  const measured = candidates(spec, device).flatMap((schedule) => {
    const microseconds = measure({ key, spec, schedule, device });
    return microseconds === undefined ? [] : [{ schedule, microseconds }];
  });
  return measured.sort((a, b) => a.microseconds - b.microseconds)[0]?.schedule;
}
