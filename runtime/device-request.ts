/** What to ask an adapter for, in Node and in a page alike, and what the compiler wants to know about it. */
import { type AdapterClass, adapterClass } from './adapter-class.ts';

/** Features that the compiler can make use of. */
const FEATURES = ['subgroups', 'timestamp-query', 'shader-f16'] as const;

/** Limits that WebGPU keeps at their defaults unless asked for, and that make kernels faster or larger. */
export const REQUESTED_LIMITS = [
  'maxStorageBuffersPerShaderStage',
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
] as const;

/** For `adapter.requestDevice`: all that the adapter offers of what we use. Without it a device has the portable class: default limits, no features. */
export function deviceDescriptor(adapter: GPUAdapter): GPUDeviceDescriptor {
  return {
    requiredFeatures: FEATURES.filter((feature) => adapter.features.has(feature)),
    requiredLimits: Object.fromEntries(
      REQUESTED_LIMITS.map((limit) => [limit, adapter.limits[limit]]),
    ),
  };
}

/** What the compiler needs to know of a device beside its limits. */
export interface DeviceTraits {
  readonly deviceClass: AdapterClass;
  /** Invocations in a subgroup, where the device has subgroups and they are all of one size. */
  readonly subgroupSize?: number;
}

/** What schedules are chosen by. */
export function deviceTraits(device: GPUDevice): DeviceTraits {
  const info = device.adapterInfo;
  const deviceClass = adapterClass(info);
  const { subgroupMinSize: least, subgroupMaxSize: most } = info;
  const known = device.features.has('subgroups') && least === most && least > 0;
  return known ? { deviceClass, subgroupSize: least } : { deviceClass };
}
