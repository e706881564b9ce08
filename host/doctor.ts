/** The facts that `nnc doctor` prints about the adapter: what was found and how, what it can do, how to get a faster one. */
import { REQUESTED_LIMITS } from '../runtime/index.ts';
import type { OpenedDevice } from './adapter.ts';
import type { Attempt } from './driver.ts';

export interface AdapterFacts {
  readonly how: string;
  readonly attempts: readonly Attempt[];
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  /** `cpu`: a driver in software. */
  readonly deviceClass: OpenedDevice['deviceClass'];
  /** Least and most invocations in a subgroup; absent where there are none. */
  readonly subgroupSizes?: readonly [number, number];
  /** Of the adapter, sorted. */
  readonly features: readonly string[];
  /** Those of them that the device was opened with. */
  readonly enabledFeatures: readonly string[];
  /** Limits that matter to kernels, as the device was opened with them. */
  readonly limits: Readonly<Record<string, number>>;
  /** What to do for more speed, a line each; empty on a GPU. */
  readonly faster: readonly string[];
}

/** Describes an open device. */
export function describeAdapter(opened: OpenedDevice): AdapterFacts {
  const { info, adapter, device } = opened;
  const limits = [
    ...REQUESTED_LIMITS,
    'maxUniformBufferBindingSize',
    'maxComputeWorkgroupsPerDimension',
    'minStorageBufferOffsetAlignment',
  ] as const;
  return {
    how: opened.how,
    attempts: opened.attempts,
    vendor: info.vendor,
    architecture: info.architecture,
    device: info.device,
    description: info.description,
    deviceClass: opened.deviceClass,
    ...(adapter.features.has('subgroups')
      ? { subgroupSizes: [info.subgroupMinSize, info.subgroupMaxSize] as const }
      : {}),
    features: [...adapter.features].sort(),
    enabledFeatures: [...device.features].sort(),
    limits: Object.fromEntries(limits.map((limit) => [limit, device.limits[limit]])),
    faster: opened.deviceClass === 'cpu' ? fasterThan(opened.info) : [],
  };
}

function fasterThan(info: GPUAdapterInfo): readonly string[] {
  if (process.platform !== 'linux') {
    return ['this driver computes on the CPU: install the graphics driver of your GPU'];
  }
  const lines = [
    'this driver computes on the CPU; with a GPU, install its Vulkan driver:',
    '  AMD, Intel:  apt-get install mesa-vulkan-drivers',
    '  NVIDIA:      the vendor’s driver, which brings Vulkan',
  ];
  if (!/swiftshader/i.test(`${info.architecture} ${info.description} ${info.device}`)) return lines;
  return [
    ...lines,
    'without one, Mesa 25 (llvmpipe) is about 5 times faster than SwiftShader, on Debian 12 as root:',
    '  apt-get install -t bookworm-backports mesa-vulkan-drivers',
  ];
}
