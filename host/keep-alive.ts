/**
 * What Dawn needs from a process that it lives in (webgpu 0.6.2; to be looked at again with later
 * versions). It polls through a weak reference to the object of `create()`: when that is collected
 * while a device lives, promises never settle or the process crashes. And a process that exits while
 * a CPU driver's threads compute crashes in about half the cases, unless the device is destroyed
 * first, which waits for them.
 */

const KEY = Symbol.for('nnc.gpu-objects');

type Holder = typeof globalThis & { [KEY]?: Map<string, unknown> };

/** What was kept under `name`, else what `create` makes, kept from now on. */
export function kept<T>(name: string, create: () => T): T {
  const holder = globalThis as Holder;
  holder[KEY] ??= new Map();
  const held = holder[KEY];
  if (!held.has(name)) held.set(name, create());
  return held.get(name) as T;
}

/** Destroys the device when the process exits, unless the function returned is called before: it destroys at once. */
export function destroyAtExit(device: GPUDevice): () => void {
  const open = kept('devices', () => {
    const devices = new Set<GPUDevice>();
    process.once('exit', () => {
      for (const one of devices) one.destroy();
    });
    return devices;
  });
  open.add(device);
  return () => {
    open.delete(device);
    device.destroy();
  };
}
