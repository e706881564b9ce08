/** Comparisons, and choices that are made by comparing. */
import { binary, bool, call, infix, one, x0, x1, zeroEverywhere } from './define-intrinsic.ts';
import { apply, type Intrinsic, literal, type Scalar } from './scalar.ts';

const compare = (
  name: string,
  symbol: string,
  domain: Intrinsic['domain'],
  js: (x: number, y: number) => boolean,
): Intrinsic =>
  binary(name, (x, y) => bool(js(x, y)), {
    domain,
    result: 'bool',
    wgsl: infix(symbol),
    partials: zeroEverywhere,
  });
// Bools have no order in WGSL.
export const lt: Intrinsic = compare('lt', '<', 'num', (x, y) => x < y);
export const le: Intrinsic = compare('le', '<=', 'num', (x, y) => x <= y);
export const gt: Intrinsic = compare('gt', '>', 'num', (x, y) => x > y);
export const ge: Intrinsic = compare('ge', '>=', 'num', (x, y) => x >= y);
export const eq: Intrinsic = compare('eq', '==', 'any', (x, y) => x === y);
export const ne: Intrinsic = compare('ne', '!=', 'any', (x, y) => x !== y);
export const select: Intrinsic = {
  name: 'select',
  arity: 3,
  domain: 'any',
  result: 'same',
  cost: 1,
  js: (a) => (a[0] ? (a[1] ?? Number.NaN) : (a[2] ?? Number.NaN)),
  wgsl: (a) => `select(${a[2]}, ${a[1]}, ${a[0]})`,
  partials: (a) => [
    undefined,
    apply(select, x0(a), one, literal(0)),
    apply(select, x0(a), literal(0), one),
  ],
};

/** Ties are shared: one half to each side (PyTorch's convention). */
const halfAtTies = (above: Intrinsic) => (a: readonly Scalar[]) => [
  apply(
    select,
    apply(eq, x0(a), x1(a)),
    literal(0.5),
    apply(select, apply(above, x0(a), x1(a)), one, literal(0)),
  ),
  apply(
    select,
    apply(eq, x0(a), x1(a)),
    literal(0.5),
    apply(select, apply(above, x1(a), x0(a)), one, literal(0)),
  ),
];
export const max: Intrinsic = binary('maximum', (x, y) => Math.max(x, y), {
  wgsl: call('max'),
  partials: halfAtTies(gt),
});
export const min: Intrinsic = binary('minimum', (x, y) => Math.min(x, y), {
  wgsl: call('min'),
  partials: halfAtTies(lt),
});
