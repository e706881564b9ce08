/** The schedule of a kernel on a class of device: rules of thumb from measurements, no search yet. */

import {
  addConstant,
  constant,
  type Index,
  scale,
  substitute,
  variable,
} from '../index/index-expr.ts';
import { placeOf } from '../kernel/axes.ts';
import {
  type ContractSpec,
  type Product,
  pointOf,
  productOf,
  vectorScore,
} from '../kernel/contraction-tile.ts';
import { vectorIndex } from '../kernel/emit-value.ts';
import { rootsOf } from '../kernel/roots.ts';
import { type KernelSpec, sizeOfAxes } from '../kernel/spec.ts';
import { valuesBelow } from '../kernel/value.ts';
import type { DeviceProfile } from './device.ts';
import type { Schedule } from './schedule.ts';

export function chooseSchedule(spec: KernelSpec, device: DeviceProfile): Schedule {
  switch (spec.kind) {
    case 'map':
      return mapSchedule(sizeOfAxes(spec.axes), device);
    case 'row':
      return rowSchedule(spec, device);
    case 'prefix':
      return { kind: 'prefix', workgroup: workgroupFor(sizeOfAxes(spec.axes), device) };
    case 'contract':
      return contractSchedule(spec, device);
  }
}

/** Small grids get small workgroups, so that a software adapter's few cores all have work. */
function workgroupFor(invocations: number, device: DeviceProfile): number {
  if (device.class === 'gpu') return Math.min(64, device.maxWorkgroupInvocations);
  return invocations >= 1024 ? 64 : invocations >= 64 ? 16 : invocations >= 8 ? 4 : 1;
}

function mapSchedule(elements: number, device: DeviceProfile): Schedule {
  const width = elements >= 4 ? 4 : 1;
  const vectors = Math.ceil(elements / width);
  const per = vectors >= 4096 && vectors % 4 === 0 ? 4 : 1;
  return { kind: 'map', workgroup: workgroupFor(vectors / per, device), width, per };
}

function rowSchedule(spec: KernelSpec & { kind: 'row' }, device: DeviceProfile): Schedule {
  const rows = sizeOfAxes(spec.axes);
  const elements = sizeOfAxes(spec.reducedAxes);
  // On a GPU a long row is shared by a workgroup; barriers are pure cost on a software adapter.
  if (device.class === 'gpu' && elements >= 256 && rows < 16384)
    return { kind: 'row', by: 'workgroup', workgroup: elements >= 1024 ? 256 : 64, lanes: 'none' };
  const arg = spec.reductions.some((r) => r.combine === 'argmax' || r.combine === 'argmin');
  const score = (over: 'rows' | 'elements'): number => rowScore(spec, over, rows, elements);
  const byRows = rows % 4 === 0 && rows >= 16 ? score('rows') : 0;
  const byElements = elements % 4 === 0 && !arg ? score('elements') : 0;
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
function rowScore(
  spec: KernelSpec & { kind: 'row' },
  over: 'rows' | 'elements',
  rows: number,
  elements: number,
): number {
  const [g, c] = [
    variable('g', over === 'rows' ? rows / 4 : rows),
    variable('c', over === 'elements' ? elements / 4 : elements),
  ];
  const at = (lane: number): ReadonlyMap<string, Index> =>
    new Map([
      ...placeOf(spec.axes, over === 'rows' ? addConstant(scale(g, 4), lane) : g),
      ...placeOf(spec.reducedAxes, over === 'elements' ? addConstant(scale(c, 4), lane) : c),
    ]);
  const lanes = [0, 1, 2, 3].map(at);
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

function contractSchedule(spec: ContractSpec, device: DeviceProfile): Schedule {
  const straight = productOf(spec, false);
  // The lanes run over the longer side, unless only the other lies consecutive in memory.
  const swapped = columnScore(spec, true) > columnScore(spec, false);
  const p = swapped ? productOf(spec, true) : straight;
  const lanes = device.subgroupSize;
  if (
    device.class === 'cpu' &&
    lanes !== undefined &&
    p.depthCount % 4 === 0 &&
    p.rowCount >= 16 &&
    p.columnCount >= 4 * lanes &&
    16 % lanes === 0
  )
    return {
      kind: 'contract',
      variant: 'subgroup',
      workgroup: lanes,
      rows: 16,
      columns: 1,
      swapped,
      depth: 4,
    };
  if (device.class === 'gpu' && p.rowCount >= 16 && p.columnCount >= 16) {
    const large = p.rowCount >= 512 && p.columnCount >= 512;
    return {
      kind: 'contract',
      variant: 'shared',
      workgroup: large ? 256 : 64,
      rows: 4,
      columns: 1,
      swapped,
      depth: 16,
    };
  }
  return directSchedule(p, swapped, device);
}

function directSchedule(p: Product, swapped: boolean, device: DeviceProfile): Schedule {
  const groups = Math.ceil(p.columnCount / 4);
  const columns = groups <= 3 && p.rowCount >= 32 ? groups : 1;
  const wanted = columns > 1 ? 4 : 8;
  const rows =
    p.rowCount >= wanted
      ? p.rowCount <= 16 && p.rowCount % 4 !== 0 && p.rowCount > wanted
        ? p.rowCount
        : wanted
      : p.rowCount;
  const tiles = p.batchCount * Math.ceil(p.rowCount / rows) * Math.ceil(groups / columns);
  return {
    kind: 'contract',
    variant: 'direct',
    workgroup: workgroupFor(tiles, device),
    rows,
    columns,
    swapped,
    depth: 4,
  };
}

/** How well the columns would vectorise: consecutive loads and stores, and lanes that are not idle. */
function columnScore(spec: ContractSpec, swapped: boolean): number {
  const p = productOf(spec, swapped);
  const zero = constant(0);
  const column = variable('column', Math.ceil(p.columnCount / 4));
  const loads = vectorScore(p.right, (lane) =>
    pointOf(p, { batch: zero, column: addConstant(scale(column, 4), lane), depth: zero }),
  );
  const idle =
    (Math.ceil(p.columnCount / 4) * 4 - p.columnCount) / (Math.ceil(p.columnCount / 4) * 4);
  return loads - 2 * idle + Math.min(1, p.columnCount / 64) + (swapped ? 0 : 0.5);
}
