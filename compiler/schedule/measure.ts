/**
 * The place of a tuner. It runs schedules on a device, which the compiler cannot: what it measured comes in from
 * above as a function, and where that knows a kernel, its times beat the estimates.
 */
import type { SingleSpec } from '../kernel/spec.ts';
import type { DeviceProfile } from './device.ts';
import type { SingleSchedule } from './schedule.ts';

export interface MeasureRequest {
  /** `specKey` of the spec. */
  readonly key: string;
  readonly spec: SingleSpec;
  readonly schedule: SingleSchedule;
  readonly device: DeviceProfile;
}

/** Microseconds of one run; undefined where the schedule was not measured. */
export type Measure = (request: MeasureRequest) => number | undefined;
