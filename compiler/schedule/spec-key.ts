/** What a kernel computes, as a short mark: equal for kernels that differ in names, numbers or origin alone. */
import { createHash } from '../hash.ts';
import { printAnonymousSpec } from '../kernel/print-spec.ts';
import type { KernelSpec } from '../kernel/spec.ts';

/** 16 hexadecimal digits. A tuner keeps its times by it, and by the device. */
export function specKey(spec: KernelSpec): string {
  const hash = createHash();
  hash.text(printAnonymousSpec(spec));
  return hash.digest();
}
