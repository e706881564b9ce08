/**
 * The form of index expressions: integers made of iteration variables, each with its interval and
 * with a key that equal expressions share. `/` and `%` floor.
 */

export type Index = Constant | Variable | Sum | Quotient | Remainder;

interface Interval {
  /** Bounds, both inclusive. */
  readonly lo: number;
  readonly hi: number;
  /** Equal expressions have equal keys. */
  readonly key: string;
}
interface Constant extends Interval {
  readonly kind: 'constant';
  readonly value: number;
}
/** 0 <= variable < size. */
interface Variable extends Interval {
  readonly kind: 'variable';
  readonly name: string;
}
interface Sum extends Interval {
  readonly kind: 'sum';
  /** Sorted by key; no constants or sums among them; coefficients not zero. */
  readonly terms: readonly Term[];
  readonly constant: number;
}
interface Quotient extends Interval {
  readonly kind: 'quotient';
  readonly of: Index;
  readonly by: number;
}
export interface Remainder extends Interval {
  readonly kind: 'remainder';
  readonly of: Index;
  readonly by: number;
}
export interface Term {
  readonly index: Index;
  readonly coefficient: number;
}

export const constant = (value: number): Index => ({
  kind: 'constant',
  value,
  lo: value,
  hi: value,
  key: String(value),
});
export const isConstant = (e: Index, value: number): boolean =>
  e.kind === 'constant' && e.value === value;

/** An iteration variable; one of size 1 is the constant 0. */
export function variable(name: string, size: number): Index {
  return size === 1 ? constant(0) : { kind: 'variable', name, lo: 0, hi: size - 1, key: name };
}

/** The remainder in [0, n). */
export const floorMod = (a: number, n: number): number => ((a % n) + n) % n;
export const gcd = (a: number, b: number): number => {
  let [x, y] = [Math.abs(a), Math.abs(b)];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
};

/** The linear form of an expression. */
export function linear(e: Index): { terms: readonly Term[]; constant: number } {
  if (e.kind === 'constant') return { terms: [], constant: e.value };
  if (e.kind === 'sum') return e;
  return { terms: [{ index: e, coefficient: 1 }], constant: 0 };
}
