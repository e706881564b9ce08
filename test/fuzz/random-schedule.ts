/**
 * Any legal schedule of a kernel, not only the one that the rules of thumb choose. One answer for each
 * seed and kind of kernel, so that a graph that is being shrunk keeps its schedules.
 */

import { holdsLines, productOf } from '../../compiler/kernel/contraction-tile.ts';
import { rootsOf } from '../../compiler/kernel/roots.ts';
import { type KernelSpec, sizeOfAxes } from '../../compiler/kernel/spec.ts';
import { chooseSchedule } from '../../compiler/schedule/choose-schedule.ts';
import type { DeviceProfile } from '../../compiler/schedule/device.ts';
import { emissionCost } from '../../compiler/schedule/emission-cost.ts';
import type { Schedule } from '../../compiler/schedule/schedule.ts';
import { pickFrom, randomFrom } from './random.ts';

/** Kernels with more statements than this keep the schedule that was chosen with their size in mind. */
const MOST_STATEMENTS = 60;

export function randomSchedule(seed: number): typeof chooseSchedule {
  return (spec, device) => {
    const chosen = chooseSchedule(spec, device);
    if (emissionCost(rootsOf(spec), [new Map()]) > MOST_STATEMENTS) return chosen;
    const legal = wanted(seed, spec, device).filter((s) => isLegal(spec, s, device));
    return legal[0] ?? chosen;
  };
}

/** Wishes in order, the wildest first. */
function wanted(seed: number, spec: KernelSpec, device: DeviceProfile): Schedule[] {
  const random = randomFrom(seed * 5 + ['map', 'row', 'contract', 'prefix'].indexOf(spec.kind));
  const pick = <T>(list: readonly T[]): T => pickFrom(random, list);
  const workgroup = pick([1, 2, 3, 4, 16, 64, 128]);
  switch (spec.kind) {
    case 'map': {
      const width = pick([1, 4] as const);
      return [2, 1].map((n) => ({
        kind: 'map',
        workgroup,
        width,
        per: n === 1 ? 1 : pick([2, 3, 4]),
      }));
    }
    case 'row': {
      const lanes = pick(['none', 'rows', 'elements'] as const);
      const byWorkgroup: Schedule = {
        kind: 'row',
        by: 'workgroup',
        workgroup: pick([2, 4, 32, 64, 256]),
        lanes: 'none',
      };
      const alone: Schedule = { kind: 'row', by: 'invocation', workgroup, lanes };
      return random(2) === 0 ? [byWorkgroup] : [alone, { ...alone, lanes: 'none' }];
    }
    case 'prefix':
      return [{ kind: 'prefix', workgroup }];
    case 'contract': {
      const swapped = spec.lines === undefined ? random(2) === 0 : spec.lines.over === 'm';
      const line = Math.ceil(productOf(spec, swapped).columnCount / 4);
      const base = { kind: 'contract', swapped } as const;
      const lanes = device.subgroupSize ?? 0;
      const down = spec.lines === undefined ? swapped : !swapped;
      const variants: Schedule[] = [
        {
          ...base,
          variant: 'subgroup',
          workgroup: lanes,
          swapped: down,
          rows: spec.lines === undefined ? pick([1, 3, 8, 10, 16]) : productOf(spec, down).rowCount,
          columns: pick([1, 2]),
          depth: pick([1, 3, 4, 10]),
        },
        {
          ...base,
          variant: 'shared',
          workgroup: pick([64, 256]),
          rows: pick([1, 2, 3, 4]),
          columns: pick([1, 2]),
          depth: pick([3, 4, 8, 16]),
        },
        {
          ...base,
          variant: 'direct',
          workgroup,
          rows: pick([1, 2, 3, 4, 5, 8]),
          columns: spec.lines === undefined ? pick([1, 1, 2, 3]) : line,
          depth: pick([1, 4]),
        },
      ];
      const first = random(3);
      return [...variants.slice(first), ...variants.slice(0, first)];
    }
  }
}

function isLegal(spec: KernelSpec, s: Schedule, device: DeviceProfile): boolean {
  if (s.workgroup < 1 || s.workgroup > device.maxWorkgroupInvocations) return false;
  if (s.kind === 'map' && spec.kind === 'map') {
    const elements = sizeOfAxes(spec.axes);
    return elements >= s.width && Math.ceil(elements / s.width) % s.per === 0;
  }
  if (s.kind === 'row' && spec.kind === 'row') {
    const position = spec.reductions.some((r) => r.combine === 'argmax' || r.combine === 'argmin');
    return s.lanes === 'rows'
      ? sizeOfAxes(spec.axes) % 4 === 0
      : s.lanes !== 'elements' || (sizeOfAxes(spec.reducedAxes) % 4 === 0 && !position);
  }
  if (s.kind === 'contract' && spec.kind === 'contract' && !holdsLines(spec, s)) return false;
  if (s.kind === 'contract' && spec.kind === 'contract' && s.variant === 'subgroup')
    return device.subgroupSize !== undefined;
  return s.kind === spec.kind;
}
