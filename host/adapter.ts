/** Opens a WebGPU device in Node: the adapter that the search finds, with all that it offers and we use. */
import { type AdapterClass, adapterClass, type RuntimeHost } from '../runtime/index.ts';
import { type Attempt, findDriver } from './driver.ts';
import { destroyAtExit } from './keep-alive.ts';
import { createWait } from './wait.ts';

export interface OpenOptions {
  /** A device with WebGPU's default limits and no features, as any adapter can give it. */
  readonly portable?: boolean;
  /**
   * Dawn's own switches, such as `disable_robustness` (no bounds checks: 1.5 to 2 times faster on
   * SwiftShader, and a wrong index then reads foreign memory). None unless asked for.
   */
  readonly dawnFeatures?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

export interface OpenedDevice {
  readonly gpu: GPU;
  readonly adapter: GPUAdapter;
  readonly device: GPUDevice;
  /** Where the driver came from, as in `SwiftShader from npm`. */
  readonly how: string;
  readonly info: GPUAdapterInfo;
  readonly deviceClass: AdapterClass;
  /** Invocations in a subgroup, where the device has subgroups and they are all of one size. */
  readonly subgroupSize?: number;
  /** Clock and waiting for `openSession`. */
  readonly host: RuntimeHost;
  readonly attempts: readonly Attempt[];
  /** Gives the device back. The process ends by itself then. */
  close(): void;
}

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

/** Finds an adapter and opens a device on it. Throws AdapterNotFoundError when there is none. */
export async function openDevice(options: OpenOptions = {}): Promise<OpenedDevice> {
  const { portable = false, dawnFeatures = [], env = process.env } = options;
  const flags = dawnFeatures.length > 0 ? [`enable-dawn-features=${dawnFeatures.join(',')}`] : [];
  const driver = await findDriver(flags, env);
  const { adapter } = driver;
  const deviceClass = adapterClass(adapter.info);
  const wait = createWait(deviceClass === 'cpu');
  const device = await wait(adapter.requestDevice(portable ? {} : everything(adapter)));
  const { subgroupMinSize: least, subgroupMaxSize: most } = adapter.info;
  const uniform = device.features.has('subgroups') && least === most && least > 0;
  return {
    ...driver,
    device,
    info: adapter.info,
    deviceClass,
    ...(uniform ? { subgroupSize: least } : {}),
    host: { now: () => performance.now(), wait },
    close: destroyAtExit(device),
  };
}

function everything(adapter: GPUAdapter): GPUDeviceDescriptor {
  return {
    requiredFeatures: FEATURES.filter((feature) => adapter.features.has(feature)),
    requiredLimits: Object.fromEntries(
      REQUESTED_LIMITS.map((limit) => [limit, adapter.limits[limit]]),
    ),
  };
}
