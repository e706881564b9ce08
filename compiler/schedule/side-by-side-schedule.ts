/** Schedules of kernels side by side: each part's own, as far as one size of workgroup allows. */
import { InternalError } from '../internal-error.ts';
import type { SideBySideSpec, SingleSpec } from '../kernel/spec.ts';
import { candidates, estimate, hasFreeWorkgroup } from './candidates.ts';
import type { DeviceProfile } from './device.ts';
import type { Schedule, SingleSchedule } from './schedule.ts';

type Choose = (spec: SingleSpec, device: DeviceProfile) => SingleSchedule;

/** The part with the most work keeps its schedule; the others take its workgroup's size. */
export function scheduleSideBySide(
  spec: SideBySideSpec,
  device: DeviceProfile,
  choose: Choose,
): Schedule & { kind: 'side-by-side' } {
  const own = spec.parts.map((part) => {
    const schedule = choose(part, device);
    return { schedule, time: estimate(part, schedule, device).microseconds };
  });
  const sizes = own.toSorted((a, b) => b.time - a.time).map((o) => o.schedule.workgroup);
  for (const workgroup of new Set([...sizes, 64, 16, 4, 1])) {
    const parts = spec.parts.flatMap((part, i) => {
      const preferred = own[i]?.schedule;
      return (
        withWorkgroup(part, preferred === undefined ? [] : [preferred], workgroup) ??
        withWorkgroup(part, candidates(part, device), workgroup) ??
        []
      );
    });
    if (parts.length === spec.parts.length) return { kind: 'side-by-side', workgroup, parts };
  }
  throw new InternalError('schedule', 'parts of one dispatch that no workgroup suits');
}

function withWorkgroup(
  spec: SingleSpec,
  schedules: readonly SingleSchedule[],
  workgroup: number,
): SingleSchedule | undefined {
  for (const s of schedules) {
    if (s.workgroup === workgroup) return s;
    if (hasFreeWorkgroup(spec, s)) return { ...s, workgroup };
  }
  return undefined;
}
