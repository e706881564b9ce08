/** What the records of the table of scalar functions are made with: their usual forms and parts. */
import { arg, type Intrinsic, literal, type Scalar, type WgslType } from './scalar.ts';

/** WGSL of an application, from the texts of the operands. */
export const infix = (symbol: string) => (a: readonly string[]) => `(${a[0]} ${symbol} ${a[1]})`;
export const call = (name: string) => (a: readonly string[]) => `${name}(${a.join(', ')})`;
export type WgslHelper = NonNullable<Intrinsic['helper']>;

/** A WGSL function of our own for each type, `fn nn_erf_4(x: vec4f) -> vec4f`; `body` is what stands in its braces. */
export const wgslFunction =
  (
    word: string,
    parameters: readonly string[],
    body: (T: string, type: WgslType) => string,
  ): WgslHelper =>
  (type) => {
    const T = type.name;
    const name = `nn_${word}_${type.width}`;
    const typed = parameters.map((p) => `${p}: ${T}`).join(', ');
    return { name, text: `fn ${name}(${typed}) -> ${T} {${body(T, type)}}` };
  };

/** A call of such a function, which the module must then contain. */
export const viaHelper = (make: WgslHelper): Required<Pick<Intrinsic, 'wgsl' | 'helper'>> => ({
  wgsl: (a, t) => `${make(t).name}(${a.join(', ')})`,
  helper: make,
});
/** Bools are held as 0 and 1. */
export const bool = (x: boolean): number => (x ? 1 : 0);

export type Unary = (x: number) => number;
export const one: Scalar = literal(1);
export const x0 = (a: readonly Scalar[]): Scalar => a[0] ?? arg(0);
export const x1 = (a: readonly Scalar[]): Scalar => a[1] ?? arg(1);
/** Partials of what is constant between its jumps. */
export const zeroEverywhere = (a: readonly Scalar[]): undefined[] => a.map(() => undefined);

export const unary = (
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

export const binary = (
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

/** Integers are held as f64; this brings a result back into their 32 bits. */
const wrap = (x: number, dtype: string): number => (dtype === 'u32' ? x >>> 0 : x | 0);
/** A value for floats, and for integers, which wrap as WGSL's do, that of `exact` where theirs differs. */
export const integerAware =
  (f: (x: number, y: number) => number, exact?: (x: number, y: number) => number) =>
  (x: number, y: number, dtype: string): number =>
    dtype === 'i32' || dtype === 'u32' ? wrap((exact ?? f)(x, y), dtype) : f(x, y);
