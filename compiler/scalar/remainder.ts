/** Floored division and its remainder, as Python's `//` and `%`; WGSL's `/` of integers and its `%` truncate. */
import { div, neg } from './arithmetic.ts';
import {
  binary,
  integerAware,
  one,
  wgslFunction,
  x0,
  x1,
  zeroEverywhere,
} from './define-intrinsic.ts';
import { floor } from './rounding.ts';
import { apply, type Intrinsic } from './scalar.ts';

/** The remainder has the sign of the divisor. */
const floored = (x: number, y: number): number => x - y * Math.floor(x / y);
const flooredInteger = (x: number, y: number): number => (y === 0 ? 0 : floored(x, y));
export const rem: Intrinsic = binary('rem', integerAware(floored, flooredInteger), {
  cost: 6,
  wgsl: (a, t) =>
    t.dtype === 'u32'
      ? `(${a[0]} % ${a[1]})`
      : t.dtype === 'i32'
        ? `(((${a[0]} % ${a[1]}) + ${a[1]}) % ${a[1]})`
        : `${remHelper(t).name}(${a.join(', ')})`,
  helper: (t) => (t.dtype === 'f32' || t.dtype === 'f16' ? remHelper(t) : { name: '', text: '' }),
  partials: (a) => [one, apply(neg, apply(floor, apply(div, x0(a), x1(a))))],
});
/** `x - y*floor(x/y)` may round to y itself or past zero, so the truncated remainder gets the divisor's sign. */
const remHelper = wgslFunction(
  'rem',
  ['x', 'y'],
  (T) => `
  let r = x - trunc(x / y) * y;
  let wrong = ((r != ${T}(0)) & ((r < ${T}(0)) != (y < ${T}(0))));
  return select(r, r + y, wrong);
`,
);
/** Floor division; for floats floor(x / y), for integers toward minus infinity. */
const divideFloored = (x: number, y: number): number => Math.floor(x / y);
const divideInteger = (x: number, y: number): number => (y === 0 ? x : Math.floor(x / y));
export const floordiv: Intrinsic = binary('floordiv', integerAware(divideFloored, divideInteger), {
  cost: 5,
  wgsl: (a, t) =>
    t.dtype === 'u32'
      ? `(${a[0]} / ${a[1]})`
      : t.dtype === 'i32'
        ? `((${a[0]} - (((${a[0]} % ${a[1]}) + ${a[1]}) % ${a[1]})) / ${a[1]})`
        : `floor(${a[0]} / ${a[1]})`,
  partials: zeroEverywhere,
});
