/** The schedule of a kernel on a device: the best by estimate, or by measurement where the caller measures. */
import type { KernelSpec } from '../kernel/spec.ts';
import { ranking } from './candidates.ts';
import type { DeviceProfile } from './device.ts';
import type { Schedule } from './schedule.ts';

export const chooseSchedule = (spec: KernelSpec, device: DeviceProfile): Schedule =>
  ranking(spec, device)[0].schedule;
