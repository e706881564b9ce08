/** Who computes the rows of a row kernel, and what its lanes run over. */
import { addConstant, type Index, scale, substitute, variable } from '../index/index-expr.ts';
import { placeOf } from '../kernel/axes.ts';
import { vectorIndex } from '../kernel/emit-value.ts';
import { rootsOf } from '../kernel/roots.ts';
import { type KernelSpec, sizeOfAxes } from '../kernel/spec.ts';
import { valuesBelow } from '../kernel/value.ts';
import type { DeviceProfile } from './device.ts';
import type { Schedule } from './schedule.ts';
import { workgroupFor } from './workgroup.ts';

type RowSpec = KernelSpec & { kind: 'row' };

export function rowSchedule(spec: RowSpec, device: DeviceProfile): Schedule {
  const rows = sizeOfAxes(spec.axes);
  const elements = sizeOfAxes(spec.reducedAxes);
  // On a GPU a long row is shared by a workgroup; barriers are pure cost on a software adapter.
  if (
    device.class === 'gpu' &&
    elements >= 256 &&
    rows < 16384 &&
    device.maxWorkgroupInvocations >= 64
  )
    return {
      kind: 'row',
      by: 'workgroup',
      workgroup: elements >= 1024 && device.maxWorkgroupInvocations >= 256 ? 256 : 64,
      lanes: 'none',
    };
  const arg = spec.reductions.some((r) => r.combine === 'argmax' || r.combine === 'argmin');
  const byRows = rows % 4 === 0 && rows >= 16 ? laneScore(spec, 'rows') : 0;
  const byElements = elements % 4 === 0 && !arg ? laneScore(spec, 'elements') : 0;
  const lanes =
    byRows <= 0 && byElements <= 0 ? 'none' : byRows >= byElements ? 'rows' : 'elements';
  return {
    kind: 'row',
    by: 'invocation',
    workgroup: workgroupFor(lanes === 'rows' ? rows / 4 : rows, device),
    lanes,
  };
}

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
