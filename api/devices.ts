/**
 * The device of a session: the caller's own, one on an adapter that the caller gives, or the one that the host finds, which
 * all sessions share as long as one of them is open.
 */
import { deviceDescriptor, type RuntimeHost } from '../runtime/index.ts';
import { currentHost, type HostDevice } from './host.ts';
import { nameOf } from './page-host.ts';
import { UsageError } from './usage-error.ts';

export interface DeviceWish {
  /** Stays the caller's: it is not destroyed when the session is closed. */
  readonly device?: GPUDevice;
  /** A device of the session's own is opened on it. */
  readonly adapter?: GPUAdapter;
  /** Asked for an adapter, in place of the host's search. */
  readonly gpu?: GPU;
  /** A device with WebGPU's default limits and no features, as any adapter can give it. */
  readonly portable?: boolean;
}

export interface SessionDevice {
  readonly device: GPUDevice;
  readonly name: string;
  readonly runtime: RuntimeHost;
  /** The session needs it no longer. */
  release(): void;
}

/** Throws what the host throws where there is no adapter, and UsageError. */
export async function acquireDevice(wish: DeviceWish): Promise<SessionDevice> {
  const host = currentHost();
  const { portable = false } = wish;
  if (wish.device !== undefined) {
    const { device } = wish;
    return { ...parts(device), release: () => undefined };
  }
  const adapter = wish.adapter ?? (wish.gpu && (await adapterOf(wish.gpu)));
  if (adapter === undefined) return await sharedDevice(portable);
  const device = await adapter.requestDevice(portable ? {} : deviceDescriptor(adapter));
  return { ...parts(device), release: host.keep(device) };
}

const parts = (device: GPUDevice): Pick<SessionDevice, 'device' | 'name' | 'runtime'> => ({
  device,
  name: nameOf(device),
  runtime: currentHost().runtimeFor(device),
});

async function adapterOf(gpu: GPU): Promise<GPUAdapter> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter !== null) return adapter;
  throw new UsageError('`gpu` has no adapter', 'leave it out, and an adapter is looked for');
}

interface Shared {
  readonly opened: Promise<HostDevice>;
  users: number;
}

const shared = new Map<boolean, Shared>();

async function sharedDevice(portable: boolean): Promise<SessionDevice> {
  const host = currentHost();
  const entry = shared.get(portable) ?? { opened: host.openDevice(portable), users: 0 };
  shared.set(portable, entry);
  entry.users += 1;
  const leave = (): void => {
    if (shared.get(portable) === entry) shared.delete(portable);
  };
  try {
    const { device, name, close } = await entry.opened;
    // A device that is gone is nobody's any more: the next session opens another.
    void device.lost.then(leave);
    return {
      device,
      name,
      runtime: host.runtimeFor(device),
      release: once(() => {
        entry.users -= 1;
        if (entry.users > 0) return;
        leave();
        close();
      }),
    };
  } catch (error) {
    leave();
    throw error;
  }
}

function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (!done) action();
    done = true;
  };
}
