/** Who computes the rows of a row kernel, and what its lanes run over. */
import { addConstant, type Index, scale, substitute, variable } from '../index/index-expr.ts';
import { placeOf } from '../kernel/axes.ts';
import { vectorIndex } from '../kernel/emit-value.ts';
import { rootsOf } from '../kernel/roots.ts';
import { sizeOfAxes } from '../kernel/spec.ts';
import { valuesBelow } from '../kernel/value.ts';
import { boundBytes } from './estimate.ts';
import type { ScheduleFamily, ScheduleOf, SpecOf } from './family.ts';
import { workgroupsFor } from './workgroup.ts';

type RowSpec = SpecOf<'row'>;
type RowSchedule = ScheduleOf<'row'>;

export const rowFamily: ScheduleFamily<'row'> = {
  candidates(spec, device) {
    const [rows, elements] = [sizeOfAxes(spec.axes), sizeOfAxes(spec.reducedAxes)];
    const arg = spec.reductions.some((r) => r.combine === 'argmax' || r.combine === 'argmin');
    // Lanes that make vector loads come first, lanes whose loads fall apart last.
    const scored: readonly (readonly [RowSchedule['lanes'], number])[] = [
      ...(rows % 4 === 0 ? ([['rows', laneScore(spec, 'rows')]] as const) : []),
      // Four lanes of one accumulator are merged as numbers; an arg-reduction would lose the places.
      ...(elements % 4 === 0 && !arg ? ([['elements', laneScore(spec, 'elements')]] as const) : []),
      ['none', 0.5],
    ];
    const alone = scored
      .toSorted(([, a], [, b]) => b - a)
      .flatMap(([lanes]) =>
        workgroupsFor(lanes === 'rows' ? rows / 4 : rows, device).map(
          (workgroup): RowSchedule => ({ kind: 'row', by: 'invocation', workgroup, lanes }),
        ),
      );
    const together = [64, 256]
      .filter((workgroup) => workgroup <= device.maxWorkgroupInvocations && elements >= workgroup)
      .map(
        (workgroup): RowSchedule => ({ kind: 'row', by: 'workgroup', workgroup, lanes: 'none' }),
      );
    return device.class === 'gpu' ? [...together, ...alone] : [...alone, ...together];
  },
  tolerance: 1.15,
  freeWorkgroup: (s) => s.by === 'invocation',
  /** A GPU fetches whole cache lines: invocations next to each other should read what lies next to each other. */
  traffic(spec, s, device) {
    const once = boundBytes(spec);
    if (device.class === 'cpu') return once;
    const along = laneScore(spec, 'elements') > 0;
    if (s.by === 'workgroup') return once * (!along && laneScore(spec, 'rows') > 0 ? 8 : 1);
    return once * (!along ? 1 : s.lanes === 'elements' ? 2 : 8);
  },
};

/** Vector loads gained, less loads that fall apart, when four lanes run over rows or over elements. */
function laneScore(spec: RowSpec, over: 'rows' | 'elements'): number {
  const [rows, elements] = [sizeOfAxes(spec.axes), sizeOfAxes(spec.reducedAxes)];
  const g = variable('g', over === 'rows' ? rows / 4 : rows);
  const c = variable('c', over === 'elements' ? elements / 4 : elements);
  const lanes = [0, 1, 2, 3].map(
    (lane): ReadonlyMap<string, Index> =>
      new Map([
        ...placeOf(spec.axes, over === 'rows' ? addConstant(scale(g, 4), lane) : g),
        ...placeOf(spec.reducedAxes, over === 'elements' ? addConstant(scale(c, 4), lane) : c),
      ]),
  );
  const indices = [
    ...valuesBelow(rootsOf(spec)).flatMap((v) => (v.kind === 'load' ? [v.index] : [])),
    ...spec.stores.filter((s) => s.over === 'full').map((s) => s.index),
  ];
  let score = 0;
  for (const index of indices) {
    const placed = lanes.map((vars) => substitute(index, (name) => vars.get(name)));
    if (placed.every((p) => p.key === placed[0]?.key)) continue;
    score += vectorIndex(placed) === undefined ? -1 : 1;
  }
  return score;
}
