/** Exponentials, logarithms, roots and powers. */
import { add, div, mul, sub } from './arithmetic.ts';
import { eq, select } from './comparison.ts';
import { binary, call, one, unary, viaHelper, x0, x1 } from './define-intrinsic.ts';
import { apply, type Intrinsic, literal } from './scalar.ts';
import { expm1Wgsl, log1pWgsl, log2Wgsl, logWgsl, powWgsl } from './special.ts';

export const exp: Intrinsic = unary('exp', Math.exp, { cost: 8, partials: (_, y) => [y] });
export const exp2: Intrinsic = unary('exp2', (x) => 2 ** x, {
  cost: 8,
  partials: (_, y) => [apply(mul, y, literal(Math.LN2))],
});
export const expm1: Intrinsic = unary('expm1', Math.expm1, {
  cost: 12,
  ...viaHelper(expm1Wgsl),
  partials: (a) => [apply(exp, x0(a))],
});
export const log: Intrinsic = unary('log', Math.log, {
  cost: 8,
  ...viaHelper(logWgsl),
  partials: (a) => [apply(div, one, x0(a))],
});
export const log2: Intrinsic = unary('log2', Math.log2, {
  cost: 8,
  ...viaHelper(log2Wgsl),
  partials: (a) => [apply(div, literal(1 / Math.LN2), x0(a))],
});
export const log1p: Intrinsic = unary('log1p', Math.log1p, {
  cost: 12,
  ...viaHelper(log1pWgsl),
  partials: (a) => [apply(div, one, apply(add, one, x0(a)))],
});
export const sqrt: Intrinsic = unary('sqrt', Math.sqrt, {
  cost: 4,
  partials: (_, y) => [apply(div, literal(0.5), y)],
});
export const rsqrt: Intrinsic = unary('rsqrt', (x) => 1 / Math.sqrt(x), {
  cost: 4,
  wgsl: call('inverseSqrt'),
  partials: (a, y) => [apply(mul, literal(-0.5), apply(div, y, x0(a)))],
});
/** WGSL's `pow` is undefined for a negative base; ours is exact in sign for whole exponents and NaN otherwise. */
export const pow: Intrinsic = binary('pow', (x, y) => x ** y, {
  domain: 'float',
  cost: 20,
  ...viaHelper(powWgsl),
  partials: (a, y) => [
    apply(
      select,
      apply(eq, x1(a), literal(0)),
      literal(0),
      apply(mul, x1(a), apply(pow, x0(a), apply(sub, x1(a), one))),
    ),
    apply(select, apply(eq, x0(a), literal(0)), literal(0), apply(mul, y, apply(log, x0(a)))),
  ],
});
