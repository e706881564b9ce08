/** The schedule of a kernel on a class of device: rules of thumb from measurements, no search yet. */
import { addConstant, scale, variable } from '../index/index-expr.ts';
import { placeOf } from '../kernel/axes.ts';
import { rootsOf } from '../kernel/roots.ts';
import { type KernelSpec, sizeOfAxes } from '../kernel/spec.ts';
import { contractSchedule } from './contract-schedule.ts';
import type { DeviceProfile } from './device.ts';
import { emissionCost, STATEMENT_BUDGET } from './emission-cost.ts';
import { rowSchedule } from './row-schedule.ts';
import type { Schedule } from './schedule.ts';
import { workgroupFor } from './workgroup.ts';

export function chooseSchedule(spec: KernelSpec, device: DeviceProfile): Schedule {
  switch (spec.kind) {
    case 'map':
      return mapSchedule(spec, device);
    case 'row':
      return rowSchedule(spec, device);
    case 'prefix':
      return { kind: 'prefix', workgroup: workgroupFor(sizeOfAxes(spec.axes), device) };
    case 'contract':
      return contractSchedule(spec, device);
  }
}

function mapSchedule(spec: KernelSpec & { kind: 'map' }, device: DeviceProfile): Schedule {
  const elements = sizeOfAxes(spec.axes);
  const q = scale(variable('q', Math.max(2, Math.ceil(elements / 4))), 4);
  const vector = emissionCost(
    rootsOf(spec),
    [0, 1, 2, 3].map((lane) => new Map(placeOf(spec.axes, addConstant(q, lane)))),
  );
  const width = elements >= 4 && vector <= STATEMENT_BUDGET ? 4 : 1;
  const vectors = Math.ceil(elements / width);
  const per = vectors >= 4096 && vectors % 4 === 0 && 4 * vector <= STATEMENT_BUDGET ? 4 : 1;
  return { kind: 'map', workgroup: workgroupFor(vectors / per, device), width, per };
}
