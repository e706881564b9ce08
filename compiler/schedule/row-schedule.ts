/** Who computes the rows of a row kernel, and what its lanes run over. */
import { addConstant, type Index, scale, substitute, variable } from '../index/index-expr.ts';
import { groupByLevel } from '../kernel/accumulate.ts';
import { placeOf } from '../kernel/axes.ts';
import { vectorIndex } from '../kernel/emit-value.ts';
import { rootsOf } from '../kernel/roots.ts';
import { sizeOfAxes } from '../kernel/spec.ts';
import { valuesBelow } from '../kernel/value.ts';
import type { DeviceProfile } from './device.ts';
import { emissionCost, STATEMENT_BUDGET } from './emission-cost.ts';
import { boundBytes } from './estimate.ts';
import type { ScheduleFamily, ScheduleOf, SpecOf } from './family.ts';
import { workgroupsFor } from './workgroup.ts';

type RowSpec = SpecOf<'row'>;
type RowSchedule = ScheduleOf<'row'>;

/**
 * A row in more chunks than this is not held. A CPU has no registers for more: 32 chunks of layer_norm took as
 * long as reading them again on lavapipe, and compiled for seconds.
 */
const HELD_MOST = { cpu: 16, gpu: 64 } as const;
/** Statements of all its chunks together. */
const HELD_STATEMENTS = 2 * STATEMENT_BUDGET;

export const rowFamily: ScheduleFamily<'row'> = {
  candidates(spec, device) {
    const { maxWorkgroupInvocations: most, subgroupSize } = device;
    const rows = sizeOfAxes(spec.axes);
    const elements = sizeOfAxes(spec.reducedAxes);
    const alone = lanesOf(spec).flatMap((lanes) =>
      workgroupsFor(lanes === 'rows' ? rows / 4 : rows, device).flatMap((workgroup) =>
        withHeld(spec, { kind: 'row', by: 'invocation', workgroup, lanes }, 1, device),
      ),
    );
    const shared = (by: 'subgroup' | 'workgroup', workgroup: number): readonly RowSchedule[] =>
      lanesOf(spec).flatMap((lanes) =>
        lanes === 'rows' || elements / (lanes === 'elements' ? 4 : 1) < workgroup
          ? []
          : withHeld(spec, { kind: 'row', by, workgroup, lanes }, workgroup, device),
      );
    const bySubgroup = subgroupSize === undefined ? [] : shared('subgroup', subgroupSize);
    if (device.class === 'cpu') return [...alone, ...bySubgroup];
    // Barriers are pure cost on a software adapter.
    const byWorkgroup = [64, 256]
      .filter((workgroup) => workgroup <= most)
      .flatMap((workgroup) => shared('workgroup', workgroup));
    return [...byWorkgroup, ...bySubgroup, ...alone];
  },
  tolerance: 1.15,
  freeWorkgroup: (s) => s.by === 'invocation',
  /** A GPU fetches whole cache lines: invocations next to each other should read what lies next to each other. */
  traffic(spec, s, device) {
    const once = boundBytes(spec);
    if (device.class === 'cpu') return once;
    const along = laneScore(spec, 'elements') > 0;
    if (s.by !== 'invocation') return once * (!along && laneScore(spec, 'rows') > 0 ? 8 : 1);
    return once * (!along ? 1 : s.lanes === 'elements' ? 2 : 8);
  },
};

/** What four lanes may run over, best first: what makes vector loads, then single lanes, last what falls apart. */
function lanesOf(spec: RowSpec): readonly RowSchedule['lanes'][] {
  const arg = spec.reductions.some((r) => r.combine === 'argmax' || r.combine === 'argmin');
  const scored: readonly (readonly [RowSchedule['lanes'], number])[] = [
    ...(sizeOfAxes(spec.axes) % 4 === 0 ? ([['rows', laneScore(spec, 'rows')]] as const) : []),
    // Four lanes of one accumulator are merged as numbers; an arg-reduction would lose the places.
    ...(sizeOfAxes(spec.reducedAxes) % 4 === 0 && !arg
      ? ([['elements', laneScore(spec, 'elements')]] as const)
      : []),
    ['none', 0.5],
  ];
  return scored.toSorted(([, a], [, b]) => b - a).map(([lanes]) => lanes);
}

/** The schedule re-reading and, where several stages read a row that is short enough for the members, holding it. */
function withHeld(
  spec: RowSpec,
  s: Omit<RowSchedule, 'held'>,
  members: number,
  device: DeviceProfile,
): readonly RowSchedule[] {
  const stages =
    groupByLevel(spec.reductions).length + (spec.stores.some((x) => x.over === 'full') ? 1 : 0);
  const width = s.lanes === 'elements' ? 4 : 1;
  const chunks = Math.ceil(sizeOfAxes(spec.reducedAxes) / width / members);
  const lanes = s.lanes === 'none' ? [new Map()] : lanePlaces(spec, s.lanes);
  const fits =
    stages > 1 &&
    chunks > 1 &&
    chunks <= HELD_MOST[device.class] &&
    chunks * emissionCost(rootsOf(spec), lanes) <= HELD_STATEMENTS;
  return fits
    ? [
        { ...s, held: false },
        { ...s, held: true },
      ]
    : [{ ...s, held: false }];
}

/** Vector loads gained, less loads that fall apart, when four lanes run over rows or over elements. */
function laneScore(spec: RowSpec, over: 'rows' | 'elements'): number {
  const lanes = lanePlaces(spec, over);
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

/** The variables of four lanes over neighbouring rows, or neighbouring elements of a row. */
function lanePlaces(
  spec: RowSpec,
  over: 'rows' | 'elements',
): readonly ReadonlyMap<string, Index>[] {
  const [rows, elements] = [sizeOfAxes(spec.axes), sizeOfAxes(spec.reducedAxes)];
  const g = variable('g', over === 'rows' ? rows / 4 : rows);
  const c = variable('c', over === 'elements' ? elements / 4 : elements);
  return [0, 1, 2, 3].map(
    (lane): ReadonlyMap<string, Index> =>
      new Map([
        ...placeOf(spec.axes, over === 'rows' ? addConstant(scale(g, 4), lane) : g),
        ...placeOf(spec.reducedAxes, over === 'elements' ? addConstant(scale(c, 4), lane) : c),
      ]),
  );
}
