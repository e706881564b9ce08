/**
 * Holds Dawn's GPU objects for the life of the process. Dawn polls through a weak reference to the
 * object of `create()`: when that is collected while a device lives, promises never settle or the
 * process crashes (webgpu 0.6.2; to be looked at again with later versions).
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
