/** Functions that activations are made of, each in a form that neither overflows nor cancels. */
import { mul, neg, sub } from './arithmetic.ts';
import { one, unary, viaHelper, x0 } from './define-intrinsic.ts';
import { exp } from './exponential.ts';
import { apply, type Intrinsic, literal } from './scalar.ts';
import { erf64, erfWgsl, log1pWgsl } from './special.ts';

/** Several drivers overflow `tanh` to NaN beyond |x| ~ 44 (gpuweb/gpuweb#4458), so the argument is clamped. */
export const tanh: Intrinsic = unary('tanh', Math.tanh, {
  cost: 10,
  wgsl: (a, t) => `tanh(clamp(${a[0]}, ${t.name}(-15), ${t.name}(15)))`,
  partials: (_, y) => [apply(sub, one, apply(mul, y, y))],
});
export const erf: Intrinsic = unary('erf', erf64, {
  cost: 16,
  ...viaHelper(erfWgsl),
  partials: (a) => [
    apply(mul, literal(2 / Math.sqrt(Math.PI)), apply(exp, apply(neg, apply(mul, x0(a), x0(a))))),
  ],
});
export const sigmoid: Intrinsic = unary(
  'sigmoid',
  (x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x))),
  {
    cost: 12,
    // The exponential stays finite: WGSL may assume that infinities never occur.
    wgsl: (a, t) =>
      `(${t.name}(1) / (${t.name}(1) + exp(min(-${a[0]}, ${t.name}(${t.dtype === 'f16' ? 11 : 88})))))`,
    partials: (a, y) => [apply(mul, y, apply(sigmoid, apply(neg, x0(a))))],
  },
);
/** log(1 + exp(x)), as max(x, 0) + log1p(exp(-|x|)). */
export const softplus: Intrinsic = unary(
  'softplus',
  (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  {
    cost: 20,
    wgsl: (a, t) => `(max(${a[0]}, ${t.name}(0)) + ${log1pWgsl(t).name}(exp(-abs(${a[0]}))))`,
    helper: log1pWgsl,
    partials: (a) => [apply(sigmoid, x0(a))],
  },
);
