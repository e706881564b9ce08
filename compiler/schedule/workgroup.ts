/** How many invocations a workgroup may have, where a kernel's body does not care. */
import type { DeviceProfile } from './device.ts';

/**
 * Sizes worth trying, the usual one first. Small grids get small workgroups, so that a software adapter's
 * few cores all have work.
 */
export function workgroupsFor(invocations: number, device: DeviceProfile): readonly number[] {
  const usual = device.class === 'gpu' ? 64 : invocations >= 1024 ? 64 : invocations >= 64 ? 16 : 4;
  const sizes = [usual, 64, 16, 4, 1, 256].filter(
    (n) => n <= device.maxWorkgroupInvocations && (n === 1 || n < 2 * invocations),
  );
  const [first = 1, ...rest] = sizes;
  return [...new Set([first, ...rest])];
}
