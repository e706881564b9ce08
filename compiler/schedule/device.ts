import type { DeviceRates } from './device-rates.ts';

/** What the compiler knows of a device: facts of the adapter, never a product name. */
export interface DeviceProfile {
  /** `cpu`: a software adapter, where barriers and workgroup memory are pure cost. */
  readonly class: 'cpu' | 'gpu';
  /** Lanes of a subgroup, where the adapter has subgroups and they all have one size. */
  readonly subgroupSize?: number;
  readonly maxBindings: number;
  readonly maxWorkgroupInvocations: number;
  readonly maxWorkgroupBytes: number;
  readonly maxBindingBytes: number;
  readonly maxBufferBytes: number;
  /** What things were measured to cost; the class's usual costs where absent. */
  readonly rates?: DeviceRates;
}

/** WebGPU's guaranteed limits and no optional feature: a plan for it runs everywhere. */
export const portable: DeviceProfile = {
  class: 'cpu',
  maxBindings: 8,
  maxWorkgroupInvocations: 256,
  maxWorkgroupBytes: 16384,
  maxBindingBytes: 134217728,
  maxBufferBytes: 268435456,
};

/**
 * A GPU as Chrome shows it on a desktop. Browsers report limits in tiers, so that they tell little of a machine;
 * these are the least that Dawn gives a GPU beyond WebGPU's defaults (10 storage buffers on Metal, 32 KiB of
 * workgroup memory: `src/dawn/native/Limits.cpp`), with default sizes of buffers and no optional feature.
 */
export const chrome: DeviceProfile = {
  ...portable,
  class: 'gpu',
  maxBindings: 10,
  maxWorkgroupBytes: 32768,
};

/**
 * What the device's own compiler makes of a kernel's text. Software adapters optimise on the processor that would compute, so
 * that long text costs as much as slow text. llvmpipe, whose subgroups are a vector register of eight lanes, unrolls loops with
 * literal bounds and compiles for seconds. SwiftShader, whose subgroups have four, does not, and gains by them: Dawn adds a counter to
 * every loop that it cannot prove finite (measured without: softmax and layer_norm 13 to 16 %, a product of one row 16 %, a training
 * step of the MLP 4 % faster).
 */
export const deviceCompiler = ({
  class: deviceClass,
  subgroupSize,
}: DeviceProfile): { readonly compilesSlowly: boolean; readonly boundsFromUniform: boolean } => ({
  compilesSlowly: deviceClass === 'cpu',
  boundsFromUniform: deviceClass === 'cpu' && subgroupSize !== 4,
});

/** The profile of an opened device, from its `limits` and what the runtime's `deviceTraits` says of it. */
export function deviceProfile(device: {
  readonly deviceClass: DeviceProfile['class'];
  readonly subgroupSize?: number;
  readonly limits: {
    readonly maxStorageBuffersPerShaderStage: number;
    readonly maxComputeInvocationsPerWorkgroup: number;
    readonly maxComputeWorkgroupStorageSize: number;
    readonly maxStorageBufferBindingSize: number;
    readonly maxBufferSize: number;
  };
}): DeviceProfile {
  const { deviceClass, subgroupSize, limits } = device;
  return {
    class: deviceClass,
    ...(subgroupSize === undefined ? {} : { subgroupSize }),
    maxBindings: limits.maxStorageBuffersPerShaderStage,
    maxWorkgroupInvocations: limits.maxComputeInvocationsPerWorkgroup,
    maxWorkgroupBytes: limits.maxComputeWorkgroupStorageSize,
    maxBindingBytes: limits.maxStorageBufferBindingSize,
    maxBufferBytes: limits.maxBufferSize,
  };
}
