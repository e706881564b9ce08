/** How many invocations a workgroup has. */
import type { DeviceProfile } from './device.ts';

/** Small grids get small workgroups, so that a software adapter's few cores all have work. */
export function workgroupFor(invocations: number, device: DeviceProfile): number {
  if (device.class === 'gpu') return Math.min(64, device.maxWorkgroupInvocations);
  return invocations >= 1024 ? 64 : invocations >= 64 ? 16 : invocations >= 8 ? 4 : 1;
}
