/**
 * How far from the exact value a device may be in one scalar function: what WGSL promises of its operations
 * ("Accuracy of built-in functions"), and what follows for those that are formulas of our own. Whole numbers
 * and bools are exact.
 */
import { type DType, isFloat } from '../compiler/graph/dtype.ts';
import type { Intrinsic } from '../compiler/scalar/scalar.ts';

/** The relative distance of neighbouring numbers, twice what correct rounding may be wrong by. */
export const unitInLastPlace = (dtype: DType): number => (dtype === 'f16' ? 2 ** -10 : 2 ** -23);
/** Below this a device may take a number for 0. */
export const leastNormal = (dtype: DType): number => (dtype === 'f16' ? 2 ** -14 : 2 ** -126);
export const largest = (dtype: DType): number => (dtype === 'f16' ? 65504 : 3.4028234663852886e38);

interface Application {
  readonly x: number;
  readonly y: number;
  /** The exact result. */
  readonly value: number;
  readonly ulp: number;
  /** `a` for f32, `b` for f16, whose promises differ by more than the unit in the last place. */
  choose(a: number, b: number): number;
}

type Error = (at: Application) => number;

const units =
  (count: number): Error =>
  ({ value, ulp }) =>
    count * ulp * Math.abs(value);
const exponential: Error = ({ x, value, ulp }) => (3 + 2 * Math.abs(x)) * ulp * Math.abs(value);
/** Absolute near 1, where the logarithm is near 0. */
const logarithm = (x: number, value: number, { ulp, choose }: Application): number =>
  Math.max(x >= 0.5 && x <= 2 ? choose(2 ** -21, 2 ** -7) : 0, 3 * ulp * Math.abs(value));
/** Promised between -pi and pi; further out the argument loses digits as it grows. */
const circular: Error = ({ x, choose }) =>
  choose(2 ** -11, 2 ** -7) * Math.max(1, Math.abs(x) / Math.PI);
/** A quotient close beside a whole number may come out on its other side. */
const besideWhole = ({ x, y, ulp }: Application): boolean => {
  const quotient = x / y;
  const off = Math.abs(quotient - Math.round(quotient));
  return off > 0 && off <= 4 * ulp * Math.max(1, Math.abs(quotient));
};

const errors: Readonly<Record<string, Error>> = {
  add: units(1),
  sub: units(1),
  mul: units(1),
  div: units(3),
  sqrt: units(5),
  rsqrt: units(3),
  exp: exponential,
  exp2: exponential,
  expm1: (at) =>
    Math.max(8 * at.ulp * Math.abs(at.value), exponential({ ...at, value: at.value + 1 })),
  log: (at) => logarithm(at.x, at.value, at),
  log2: (at) => logarithm(at.x, at.value, at),
  log1p: (at) =>
    logarithm(1 + at.x, at.value, at) + at.ulp * (8 * Math.abs(at.value) + (at.x > 0.7 ? 1 : 0)),
  // exp2(y * log2(x)), as WGSL defines it.
  pow: (at) => {
    const power = at.y * Math.log2(Math.abs(at.x));
    const inLog =
      Math.abs(at.y) * logarithm(Math.abs(at.x), Math.log2(Math.abs(at.x)), at) +
      at.ulp * Math.abs(power);
    return (Math.LN2 * inLog + (3 + 2 * Math.abs(power)) * at.ulp) * Math.abs(at.value);
  },
  sin: circular,
  cos: circular,
  asin: ({ choose }) => choose(6.81e-5, 3.91e-3),
  acos: ({ choose }) => choose(6.77e-5, 3.91e-3),
  atan: (at) => units(at.choose(4096, 5))(at),
  atan2: (at) => units(at.choose(4096, 5))(at),
  tanh: (at) => at.choose(1e-5, 1e-3) + units(1)(at),
  erf: (at) => at.choose(4e-7, 2 ** -9) + units(8)(at),
  sigmoid: (at) => {
    const part = at.value * (1 - at.value);
    return (3 + 2 * Math.abs(at.x)) * at.ulp * part + units(4)(at);
  },
  softplus: (at) => {
    const small = Math.exp(-Math.abs(at.x));
    return (3 + 2 * Math.abs(at.x)) * at.ulp * small + at.choose(2 ** -21, 2 ** -7) + units(4)(at);
  },
  rem: (at) => (besideWhole(at) ? Math.abs(at.y) : 3 * at.ulp * Math.abs(at.x)),
  floordiv: (at) => (besideWhole(at) ? 1 : 0),
};

/** What is exact: comparisons and choices, signs, and rounding to whole numbers. */
const exact = new Set(
  'neg lt le gt ge eq ne select maximum minimum and or xor not shr floor ceil trunc round abs sign threefry'.split(
    ' ',
  ),
);

/** The greatest distance from `value` that a device keeping its promises may be at, for exact arguments. `dtype` is the operands'. */
export function applicationError(
  fn: Pick<Intrinsic, 'name'>,
  args: readonly number[],
  value: number,
  dtype: DType,
): number {
  if (!isFloat(dtype) || exact.has(fn.name)) return 0;
  const error = errors[fn.name] ?? units(16);
  return error({
    x: args[0] ?? 0,
    y: args[1] ?? 0,
    value,
    ulp: unitInLastPlace(dtype),
    choose: (a, b) => (dtype === 'f16' ? b : a),
  });
}

/** Names that the tables know, for the test that they know all. */
export const knownFunctions: ReadonlySet<string> = new Set([...Object.keys(errors), ...exact]);

/**
 * The relative error of a sum of `count` terms that is kept in `dtype`, of the sum of their magnitudes: count times
 * correct rounding at worst, and with errors that do not conspire hardly ever more than a few times the square root of
 * it (Higham and Mary 2019), here 16 times.
 */
export const sumError = (count: number, dtype: DType): number =>
  (Math.min(count, 16 * Math.sqrt(count)) * unitInLastPlace(dtype)) / 2;
