/** What each kind of kernel tells of its schedules: one record a kind, one file a record. */
import type { SingleSpec } from '../kernel/spec.ts';
import type { DeviceProfile } from './device.ts';
import type { SingleSchedule } from './schedule.ts';

export type SpecOf<K extends SingleSpec['kind']> = SingleSpec & { readonly kind: K };
export type ScheduleOf<K extends SingleSpec['kind']> = SingleSchedule & { readonly kind: K };

export interface ScheduleFamily<K extends SingleSpec['kind']> {
  /**
   * Every schedule that is right for the spec and that the device can run and compile; at least one.
   * The order is the family's own preference.
   */
  candidates(spec: SpecOf<K>, device: DeviceProfile): readonly ScheduleOf<K>[];
  /**
   * The same in two steps, where telling what fits is dear: all that could be, in the order of `candidates`, and what
   * of that a device can compile. Schedules that cannot be the best are then not asked about.
   */
  proposals?(
    spec: SpecOf<K>,
    device: DeviceProfile,
  ): {
    readonly schedules: readonly ScheduleOf<K>[];
    fits(schedule: ScheduleOf<K>): boolean;
  };
  /** The first candidate whose estimate is within this factor of the least is taken: what the model does not tell apart. */
  readonly tolerance: number;
  /** Whether the workgroup's size changes nothing in the kernel's body but the number of workgroups. */
  freeWorkgroup(schedule: ScheduleOf<K>): boolean;
  /** Bytes that come from memory, where that is not every operand once: what a count of instructions cannot see. */
  traffic?(spec: SpecOf<K>, schedule: ScheduleOf<K>, device: DeviceProfile): number;
  /**
   * Microseconds that a schedule is estimated at in any case, from what can be told without lowering it. What
   * cannot win is then not lowered, which takes most of the time that choosing takes.
   */
  least?(spec: SpecOf<K>, device: DeviceProfile): (schedule: ScheduleOf<K>) => number;
}
