/** Logic of bools, and shifts of bits. */
import { binary, bool, infix, unary, zeroEverywhere } from './define-intrinsic.ts';
import type { Intrinsic } from './scalar.ts';

const logic = (name: string, symbol: string, js: (x: number, y: number) => boolean): Intrinsic =>
  binary(name, (x, y) => bool(js(x, y)), {
    domain: 'bool',
    wgsl: infix(symbol),
    partials: zeroEverywhere,
  });
export const and: Intrinsic = logic('and', '&', (x, y) => x !== 0 && y !== 0);
export const or: Intrinsic = logic('or', '|', (x, y) => x !== 0 || y !== 0);
export const xor: Intrinsic = logic('xor', '!=', (x, y) => x !== y);
export const not: Intrinsic = unary('not', (x) => bool(x === 0), {
  domain: 'bool',
  cost: 1,
  wgsl: (a) => `(!${a[0]})`,
  partials: zeroEverywhere,
});
export const shr: Intrinsic = binary('shr', (x, y, d) => (d === 'u32' ? x >>> y : x >> y), {
  domain: 'integer',
  wgsl: (a, t) =>
    t.width === 1 ? `(${a[0]} >> u32(${a[1]}))` : `(${a[0]} >> vec${t.width}<u32>(${a[1]}))`,
});
