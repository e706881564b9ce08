/** Schedules of a running reduction: an invocation walks a line. */
import { sizeOfAxes } from '../kernel/spec.ts';
import type { ScheduleFamily } from './family.ts';
import { workgroupsFor } from './workgroup.ts';

export const prefixFamily: ScheduleFamily<'prefix'> = {
  candidates: (spec, device) =>
    workgroupsFor(sizeOfAxes(spec.axes), device).map((workgroup) => ({
      kind: 'prefix',
      workgroup,
    })),
  tolerance: 1.15,
  freeWorkgroup: () => true,
};
