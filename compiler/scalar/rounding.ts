/** Rounding, magnitude and sign. */
import { type Unary, unary, x0, zeroEverywhere } from './define-intrinsic.ts';
import { apply, type Intrinsic } from './scalar.ts';

const rounding = (name: string, js: Unary): Intrinsic =>
  unary(name, js, { cost: 1, partials: zeroEverywhere });
export const floor: Intrinsic = rounding('floor', Math.floor);
export const ceil: Intrinsic = rounding('ceil', Math.ceil);
export const trunc: Intrinsic = rounding('trunc', Math.trunc);
/** Half to even. */
export const round: Intrinsic = rounding('round', (x) => {
  const r = Math.round(x);
  return Math.abs(x - Math.trunc(x)) === 0.5 ? 2 * Math.round(x / 2) : r;
});
export const abs: Intrinsic = unary('abs', Math.abs, {
  domain: 'num',
  cost: 1,
  partials: (a) => [apply(sign, x0(a))],
});
export const sign: Intrinsic = unary('sign', Math.sign, {
  domain: 'num',
  cost: 1,
  partials: zeroEverywhere,
});
