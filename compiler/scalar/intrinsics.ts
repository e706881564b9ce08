/**
 * The table of scalar functions: each record is the one place that says what a function means in
 * f64, how it is written in WGSL, and what its partial derivatives are. WGSL has no erf, log1p or
 * expm1, allows reassociation, and its `tanh`, `pow` and `%` have traps; see the notes at each.
 */
import { apply, arg, type Intrinsic, literal, type Scalar, type WgslType } from './scalar.ts';
import {
  erf64,
  erfWgsl,
  expm1Wgsl,
  log1pWgsl,
  powWgsl,
  threefry32,
  threefryWgsl,
} from './special.ts';

const infix = (symbol: string) => (a: readonly string[]) => `(${a[0]} ${symbol} ${a[1]})`;
const call = (name: string) => (a: readonly string[]) => `${name}(${a.join(', ')})`;
const viaHelper = (make: (t: WgslType) => { name: string; text: string }) => ({
  wgsl: (a: readonly string[], t: WgslType) => `${make(t).name}(${a.join(', ')})`,
  helper: make,
});
const bool = (x: boolean): number => (x ? 1 : 0);
/** Bit operations on u32/i32 held as f64. */
const wrap = (x: number, dtype: string): number => (dtype === 'u32' ? x >>> 0 : x | 0);

type Unary = (x: number) => number;
type Partials = Intrinsic['partials'];
const zeroEverywhere: Partials = (a) => a.map(() => undefined);
const one = literal(1);

const unary = (
  name: string,
  js: Unary,
  rest: Partial<Intrinsic> & Pick<Intrinsic, 'cost'>,
): Intrinsic => ({
  name,
  arity: 1,
  domain: 'float',
  result: 'same',
  js: (a) => js(a[0] ?? Number.NaN),
  wgsl: call(name),
  ...rest,
});

const binary = (
  name: string,
  js: (x: number, y: number, dtype: string) => number,
  rest: Partial<Intrinsic> & Pick<Intrinsic, 'wgsl'>,
): Intrinsic => ({
  name,
  arity: 2,
  domain: 'num',
  result: 'same',
  cost: 1,
  js: (a, dtype) => js(a[0] ?? Number.NaN, a[1] ?? Number.NaN, dtype),
  ...rest,
});

const x0 = (a: readonly Scalar[]): Scalar => a[0] ?? arg(0);
const x1 = (a: readonly Scalar[]): Scalar => a[1] ?? arg(1);

// Arithmetic. Integers wrap as WGSL's do.
const integerAware =
  (f: (x: number, y: number) => number, exact?: (x: number, y: number) => number) =>
  (x: number, y: number, dtype: string): number =>
    dtype === 'i32' || dtype === 'u32' ? wrap((exact ?? f)(x, y), dtype) : f(x, y);

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

// Comparison and choice.
const compare = (name: string, symbol: string, js: (x: number, y: number) => boolean): Intrinsic =>
  binary(name, (x, y) => bool(js(x, y)), {
    domain: 'any',
    result: 'bool',
    wgsl: infix(symbol),
    partials: zeroEverywhere,
  });
export const lt: Intrinsic = compare('lt', '<', (x, y) => x < y);
export const le: Intrinsic = compare('le', '<=', (x, y) => x <= y);
export const gt: Intrinsic = compare('gt', '>', (x, y) => x > y);
export const ge: Intrinsic = compare('ge', '>=', (x, y) => x >= y);
export const eq: Intrinsic = compare('eq', '==', (x, y) => x === y);
export const ne: Intrinsic = compare('ne', '!=', (x, y) => x !== y);
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

// Logic and bits.
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

/** Floored remainder, the sign of the divisor, as Python's `%`. */
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
/** `x - y*floor(x/y)` may round to y itself or past zero; bring it back into [0, y). */
const remHelper = (t: WgslType) => ({
  name: `nn_rem_${t.width}`,
  text: `fn nn_rem_${t.width}(x: ${t.name}, y: ${t.name}) -> ${t.name} {
  let r = x - trunc(x / y) * y;
  let wrong = ((r != ${t.name}(0)) & ((r < ${t.name}(0)) != (y < ${t.name}(0))));
  return select(r, r + y, wrong);
}`,
});
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

// Rounding and sign.
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

// Powers, exponentials, logarithms.
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
  partials: (a) => [apply(div, one, x0(a))],
});
export const log2: Intrinsic = unary('log2', Math.log2, {
  cost: 8,
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

// Trigonometry.
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

// Activations that have a stable form of their own.
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

// Random bits: threefry2x32 with 20 rounds (Salmon et al., SC 2011), key (a0, a1), counter (a2, a3), first word.
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

/** Every intrinsic, in one order. */
export const intrinsics: readonly Intrinsic[] = [
  add,
  sub,
  mul,
  div,
  neg,
  lt,
  le,
  gt,
  ge,
  eq,
  ne,
  select,
  max,
  min,
  and,
  or,
  xor,
  not,
  shr,
  rem,
  floordiv,
  floor,
  ceil,
  trunc,
  round,
  abs,
  sign,
  exp,
  exp2,
  expm1,
  log,
  log2,
  log1p,
  sqrt,
  rsqrt,
  pow,
  sin,
  cos,
  asin,
  acos,
  atan,
  atan2,
  tanh,
  erf,
  sigmoid,
  softplus,
  threefry,
];
