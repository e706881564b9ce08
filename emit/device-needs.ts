/** What a plan needs of a device beyond what every WebGPU device has, as `requestDevice` takes it. */
import type { ScheduledKernel } from '../compiler/plan/plan-builder.ts';
import { portable } from '../compiler/schedule/device.ts';
import type { Plan } from '../runtime/plan.ts';

export interface DeviceNeeds {
  readonly requiredFeatures: readonly string[];
  readonly requiredLimits: Readonly<Record<string, number>>;
}

export function deviceNeeds({ requires }: Plan, kernels: readonly ScheduledKernel[]): DeviceNeeds {
  const invocations = Math.max(0, ...kernels.map(({ schedule }) => schedule.workgroup));
  const shared = Math.max(0, ...kernels.map(({ workgroupBytes }) => workgroupBytes));
  return {
    requiredFeatures: requires.features,
    requiredLimits: {
      ...requires.limits,
      ...(invocations > portable.maxWorkgroupInvocations
        ? {
            maxComputeInvocationsPerWorkgroup: invocations,
            maxComputeWorkgroupSizeX: invocations,
          }
        : {}),
      ...(shared > portable.maxWorkgroupBytes ? { maxComputeWorkgroupStorageSize: shared } : {}),
    },
  };
}
