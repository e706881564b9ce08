/** Sines, cosines and their inverses. */
import { add, div, mul, neg, sub } from './arithmetic.ts';
import { binary, call, one, unary, x0, x1 } from './define-intrinsic.ts';
import { rsqrt } from './exponential.ts';
import { apply, type Intrinsic, type Scalar } from './scalar.ts';

export const sin: Intrinsic = unary('sin', Math.sin, {
  cost: 8,
  partials: (a) => [apply(cos, x0(a))],
});
export const cos: Intrinsic = unary('cos', Math.cos, {
  cost: 8,
  partials: (a) => [apply(neg, apply(sin, x0(a)))],
});
const oneMinusSquare = (a: readonly Scalar[]): Scalar => apply(sub, one, apply(mul, x0(a), x0(a)));
export const asin: Intrinsic = unary('asin', Math.asin, {
  cost: 12,
  partials: (a) => [apply(rsqrt, oneMinusSquare(a))],
});
export const acos: Intrinsic = unary('acos', Math.acos, {
  cost: 12,
  partials: (a) => [apply(neg, apply(rsqrt, oneMinusSquare(a)))],
});
export const atan: Intrinsic = unary('atan', Math.atan, {
  cost: 12,
  partials: (a) => [apply(div, one, apply(add, one, apply(mul, x0(a), x0(a))))],
});
export const atan2: Intrinsic = binary('atan2', Math.atan2, {
  domain: 'float',
  cost: 14,
  wgsl: call('atan2'),
  partials: (a) => {
    const squares = apply(add, apply(mul, x0(a), x0(a)), apply(mul, x1(a), x1(a)));
    return [apply(div, x1(a), squares), apply(neg, apply(div, x0(a), squares))];
  },
});
