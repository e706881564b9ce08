/** From a spec and a schedule to kernel IR. */
import { InternalError } from '../internal-error.ts';
import type { Schedule } from '../schedule/schedule.ts';
import type { KernelIr } from './ir.ts';
import type { BuilderOptions } from './kernel-builder.ts';
import { lowerContractDirect } from './lower-contract-direct.ts';
import { lowerContractShared } from './lower-contract-shared.ts';
import { lowerContractSubgroup } from './lower-contract-subgroup.ts';
import { lowerContractTeam } from './lower-contract-team.ts';
import { lowerMap } from './lower-map.ts';
import { lowerPrefix } from './lower-prefix.ts';
import { lowerRow } from './lower-row.ts';
import { lowerSideBySide } from './lower-side-by-side.ts';
import type { KernelSpec } from './spec.ts';

export function lower(spec: KernelSpec, schedule: Schedule, options: BuilderOptions): KernelIr {
  if (spec.kind === 'map' && schedule.kind === 'map') return lowerMap(spec, schedule, options);
  if (spec.kind === 'row' && schedule.kind === 'row') return lowerRow(spec, schedule, options);
  if (spec.kind === 'prefix' && schedule.kind === 'prefix')
    return lowerPrefix(spec, schedule, options);
  if (spec.kind === 'contract' && schedule.kind === 'contract')
    switch (schedule.variant) {
      case 'direct':
        return lowerContractDirect(spec, schedule, options);
      case 'subgroup':
        return lowerContractSubgroup(spec, schedule, options);
      case 'shared':
        return lowerContractShared(spec, schedule, options);
      case 'team':
        return lowerContractTeam(spec, schedule, options);
    }
  if (spec.kind === 'side-by-side' && schedule.kind === 'side-by-side')
    return lowerSideBySide(spec, schedule, options, lower);
  throw new InternalError('lower', `a ${schedule.kind} schedule for a ${spec.kind} kernel`);
}
