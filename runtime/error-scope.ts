/** Creation of device resources with an answer: out of memory and invalid use become an error here, not later. */
import type { DeviceGuard } from './device-guard.ts';
import { DeviceFailure } from './errors.ts';

/** Runs `create` and waits for what the device has to say about it. */
export async function scoped<T>(
  device: GPUDevice,
  guard: DeviceGuard,
  create: () => T,
): Promise<T> {
  device.pushErrorScope('validation');
  device.pushErrorScope('out-of-memory');
  let created: T;
  let errors: Promise<(GPUError | null)[]>;
  try {
    created = create();
  } finally {
    errors = Promise.all([device.popErrorScope(), device.popErrorScope()]);
  }
  const found = (await guard.wait(errors)).filter((error) => error !== null);
  if (found.length > 0) throw new DeviceFailure(found.map((error) => error.message.trim()));
  return created;
}
