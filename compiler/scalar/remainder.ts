/** Floored division and its remainder, as Python's `//` and `%`; WGSL's `/` of integers and its `%` truncate. */
import { div, neg } from './arithmetic.ts';
import {
  binary,
  integerAware,
  one,
  viaHelper,
  type WgslHelper,
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
/** Floor division; for floats floor(x / y), for integers toward minus infinity. */
const divideFloored = (x: number, y: number): number => Math.floor(x / y);
const divideInteger = (x: number, y: number): number => (y === 0 ? x : Math.floor(x / y));

/**
 * Quotient and remainder toward zero. A device may divide by a reciprocal and make 6 / 3 a little less
 * than 2; where x is small beside y nothing is lost, as it would be in `x - floor(x / y) * y`.
 */
const truncated = (
  T: string,
): string => `let up = select(${T}(-1), ${T}(1), (x < ${T}(0)) == (y < ${T}(0)));
  let guess = trunc(x / y);
  let q = select(guess, guess + up, abs(x - guess * y) >= abs(y));
  let r = x - q * y;`;
/** Whether that remainder has the other sign than `y`, so that the quotient is one less and the remainder one `y` more. */
const wrong = (T: string): string =>
  `let wrong = (r != ${T}(0)) & ((r < ${T}(0)) != (y < ${T}(0)));`;

/** Functions, also where WGSL has an operator: its `/ 0` and `% 0` of constants are errors. */
const byType =
  (of: { readonly [D in 'float' | 'i32' | 'u32']: WgslHelper }): WgslHelper =>
  (t) =>
    (t.dtype === 'i32' ? of.i32 : t.dtype === 'u32' ? of.u32 : of.float)(t);

export const rem: Intrinsic = binary('rem', integerAware(floored, flooredInteger), {
  cost: 6,
  ...viaHelper(
    byType({
      float: wgslFunction(
        'rem',
        ['x', 'y'],
        (T) => `
  ${truncated(T)}
  ${wrong(T)}
  return select(r, r + y, wrong);
`,
      ),
      i32: wgslFunction(
        'rem_i32',
        ['x', 'y'],
        (T) => `
  let r = x % y;
  ${wrong(T)}
  return select(r, r + y, wrong);
`,
      ),
      u32: wgslFunction('rem_u32', ['x', 'y'], () => ' return x % y; '),
    }),
  ),
  partials: (a) => [one, apply(neg, apply(floor, apply(div, x0(a), x1(a))))],
});

export const floordiv: Intrinsic = binary('floordiv', integerAware(divideFloored, divideInteger), {
  cost: 5,
  ...viaHelper(
    byType({
      float: wgslFunction(
        'floordiv',
        ['x', 'y'],
        (T) => `
  ${truncated(T)}
  ${wrong(T)}
  return q - select(${T}(0), ${T}(1), wrong);
`,
      ),
      i32: wgslFunction(
        'floordiv_i32',
        ['x', 'y'],
        (T) => `
  let r = x % y;
  ${wrong(T)}
  return x / y - select(${T}(0), ${T}(1), wrong);
`,
      ),
      u32: wgslFunction('floordiv_u32', ['x', 'y'], () => ' return x / y; '),
    }),
  ),
  partials: zeroEverywhere,
});
