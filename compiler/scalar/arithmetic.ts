/** Sums, products and quotients. Integers wrap as WGSL's do. */
import { binary, infix, integerAware, one, unary, x0, x1 } from './define-intrinsic.ts';
import { apply, type Intrinsic, literal } from './scalar.ts';

export const add: Intrinsic = binary(
  'add',
  integerAware((x, y) => x + y),
  {
    wgsl: infix('+'),
    partials: () => [one, one],
  },
);
export const sub: Intrinsic = binary(
  'sub',
  integerAware((x, y) => x - y),
  {
    wgsl: infix('-'),
    partials: () => [one, literal(-1)],
  },
);
export const mul: Intrinsic = binary(
  'mul',
  integerAware((x, y) => x * y, Math.imul),
  {
    wgsl: infix('*'),
    partials: (a) => [x1(a), x0(a)],
  },
);
export const div: Intrinsic = binary(
  'div',
  integerAware(
    (x, y) => x / y,
    (x, y) => (y === 0 ? x : Math.trunc(x / y)),
  ),
  {
    wgsl: infix('/'),
    cost: 4,
    partials: (a, y) => [apply(div, one, x1(a)), apply(neg, apply(div, y, x1(a)))],
  },
);
export const neg: Intrinsic = unary('neg', (x) => -x, {
  domain: 'num',
  cost: 1,
  wgsl: (a) => `(-${a[0]})`,
  partials: () => [literal(-1)],
});
