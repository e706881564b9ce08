/** A device for a command, and a session on it that is always closed in the right order. */
import { availableParallelism } from 'node:os';
import { type DeviceProfile, deviceProfile } from '../compiler/schedule/device.ts';
import { measuredRates } from '../compiler/schedule/measured-rates.ts';
import { deviceText, deviceTimes, type OpenedDevice, openDevice } from '../host/node.ts';
import { openSession, type Plan, type Session, type SessionOptions } from '../runtime/index.ts';

export interface Gpu {
  readonly opened: OpenedDevice;
  readonly profile: DeviceProfile;
}

/** Runs `body` with a device, and gives the device back afterwards, so that the process can end. */
export async function withGpu<T>(
  options: {
    readonly portable?: boolean;
    /** Schedules are ranked by what this device was measured to cost, not by its class. */
    readonly measured?: boolean;
    /** The device's own times are not rounded. */
    readonly exactClock?: boolean;
    readonly env: NodeJS.ProcessEnv;
  },
  body: (gpu: Gpu) => Promise<T>,
): Promise<T> {
  const { env, portable = false, measured = false, exactClock = false } = options;
  const opened = await openDevice({ env, portable, exactClock });
  try {
    const { deviceClass, subgroupSize, device } = opened;
    const traits = subgroupSize === undefined ? { deviceClass } : { deviceClass, subgroupSize };
    const profile = deviceProfile({ ...traits, limits: device.limits });
    if (!measured) return await body({ opened, profile });
    const { times } = await deviceTimes(opened);
    const rates = measuredRates(times, { ...profile, cores: availableParallelism() });
    return await body({ opened, profile: { ...profile, rates } });
  } finally {
    opened.close();
  }
}

/** Runs `body` with a session, which has finished its work and is closed afterwards. */
export async function withSession<T>(
  { opened }: Gpu,
  plan: Plan,
  body: (session: Session) => Promise<T>,
  options: Omit<SessionOptions, 'device' | 'host'> = {},
): Promise<T> {
  const { device, host } = opened;
  const session = await openSession(plan, { ...options, device, host });
  try {
    return await body(session);
  } finally {
    // Whatever went wrong is on its way to the user; ending the work in flight must not hide it.
    await session.settle().catch(() => undefined);
    session.close();
  }
}

export { deviceText };

/** What helps, where it is slow. */
export const deviceHint = ({ deviceClass }: OpenedDevice): string =>
  deviceClass === 'cpu' ? ' (see `nnc doctor`)' : '';
