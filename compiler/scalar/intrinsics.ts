/**
 * The table of scalar functions: each record is the one place that says what a function means in
 * f64, how it is written in WGSL, and what its partial derivatives are. WGSL has no erf, log1p or
 * expm1, allows reassociation, and its `tanh`, `pow` and `%` have traps; see the notes at each.
 * The records stand in one file per topic, each made of those before it.
 */
import { erf, sigmoid, softplus, tanh } from './activation.ts';
import { add, div, mul, neg, sub } from './arithmetic.ts';
import { eq, ge, gt, le, lt, max, min, ne, select } from './comparison.ts';
import { exp, exp2, expm1, log, log1p, log2, pow, rsqrt, sqrt } from './exponential.ts';
import { and, not, or, shr, xor } from './logic.ts';
import { floordiv, rem } from './remainder.ts';
import { abs, ceil, floor, round, sign, trunc } from './rounding.ts';
import type { Intrinsic } from './scalar.ts';
import { threefry } from './threefry.ts';
import { acos, asin, atan, atan2, cos, sin } from './trigonometric.ts';

export * from './activation.ts';
export * from './arithmetic.ts';
export * from './comparison.ts';
export * from './exponential.ts';
export * from './logic.ts';
export * from './remainder.ts';
export * from './rounding.ts';
export { threefry } from './threefry.ts';
export * from './trigonometric.ts';

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
