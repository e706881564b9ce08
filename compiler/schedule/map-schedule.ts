/** Schedules of a map: how wide, how many vectors an invocation computes, how many invocations a workgroup has. */
import { addConstant, scale, variable } from '../index/index-expr.ts';
import { placeOf } from '../kernel/axes.ts';
import { rootsOf } from '../kernel/roots.ts';
import { sizeOfAxes } from '../kernel/spec.ts';
import { emissionCost, STATEMENT_BUDGET } from './emission-cost.ts';
import type { ScheduleFamily, ScheduleOf, SpecOf } from './family.ts';
import { workgroupsFor } from './workgroup.ts';

/** Vectors an invocation computes; four neighbours were best on both software adapters. */
const PER = [4, 8, 2, 1] as const;
/** Fewer vectors than this are not shared out in larger pieces: cores would stay idle. */
const LEAST_VECTORS = 4096;

export const mapFamily: ScheduleFamily<'map'> = {
  candidates(spec, device) {
    const elements = sizeOfAxes(spec.axes);
    return ([4, 1] as const).flatMap((width) => {
      if (elements < width) return [];
      const cost = width === 4 ? vectorCost(spec) : 0;
      if (cost > STATEMENT_BUDGET) return [];
      const vectors = Math.ceil(elements / width);
      return PER.flatMap((per) => {
        // A part of a piece that does not exist would be stored past the end of the tensor.
        if (per > 1 && (vectors < LEAST_VECTORS || vectors % per !== 0)) return [];
        if (per * cost > STATEMENT_BUDGET || (width === 1 && per > 1)) return [];
        return workgroupsFor(vectors / per, device).map(
          (workgroup): ScheduleOf<'map'> => ({ kind: 'map', workgroup, width, per }),
        );
      });
    });
  },
  tolerance: 1.15,
  freeWorkgroup: () => true,
};

function vectorCost(spec: SpecOf<'map'>): number {
  const q = scale(variable('q', Math.max(2, Math.ceil(sizeOfAxes(spec.axes) / 4))), 4);
  const lanes = [0, 1, 2, 3].map((lane) => new Map(placeOf(spec.axes, addConstant(q, lane))));
  return emissionCost(rootsOf(spec), lanes);
}
