/** Opens a WebGPU device in Node: the adapter that the search finds, with all that it offers and we use. */
import {
  type DeviceTraits,
  deviceDescriptor,
  deviceTraits,
  type RuntimeHost,
} from '../runtime/index.ts';
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
  /** Timestamps as the device tells them: Dawn rounds them to 0.1 ms unless asked not to. */
  readonly exactClock?: boolean;
  readonly env?: NodeJS.ProcessEnv;
}

export interface OpenedDevice extends DeviceTraits {
  readonly gpu: GPU;
  readonly adapter: GPUAdapter;
  readonly device: GPUDevice;
  /** Where the driver came from, as in `SwiftShader from npm`. */
  readonly how: string;
  readonly info: GPUAdapterInfo;
  /** Clock and waiting for `openSession`. */
  readonly host: RuntimeHost;
  readonly attempts: readonly Attempt[];
  /** Gives the device back. The process ends by itself then. */
  close(): void;
}

/** Finds an adapter and opens a device on it. Throws AdapterNotFoundError when there is none. */
export async function openDevice(options: OpenOptions = {}): Promise<OpenedDevice> {
  const { portable = false, dawnFeatures = [], env = process.env } = options;
  const flags = [
    ...(dawnFeatures.length > 0 ? [`enable-dawn-features=${dawnFeatures.join(',')}`] : []),
    ...(options.exactClock === true ? ['disable-dawn-features=timestamp_quantization'] : []),
  ];
  const driver = await findDriver(flags, env);
  const { adapter } = driver;
  const descriptor = portable ? {} : deviceDescriptor(adapter);
  const device = await createWait(true)(adapter.requestDevice(descriptor));
  const traits = deviceTraits(device);
  const wait = createWait(traits.deviceClass === 'cpu');
  return {
    ...driver,
    device,
    info: adapter.info,
    ...traits,
    host: { now: () => performance.now(), wait },
    close: destroyAtExit(device),
  };
}
