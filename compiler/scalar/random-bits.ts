/** Random bits: threefry2x32 with 20 rounds (Salmon et al., SC 2011), its first word. */
import { viaHelper, zeroEverywhere } from './define-intrinsic.ts';
import type { Intrinsic } from './scalar.ts';
import { threefry32, threefryWgsl } from './special.ts';

/** Key (a0, a1), counter (a2, a3). */
export const threefry: Intrinsic = {
  name: 'threefry',
  arity: 4,
  domain: 'integer',
  result: 'same',
  cost: 80,
  js: (a) => threefry32(a[0] ?? 0, a[1] ?? 0, a[2] ?? 0, a[3] ?? 0),
  ...viaHelper(threefryWgsl),
  partials: zeroEverywhere,
};
