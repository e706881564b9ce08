/**
 * Scalar expressions over the closed table of intrinsics (`intrinsics.ts`). A map op's meaning is one
 * such expression: the interpreter walks it in f64, the kernels print it as WGSL, and its
 * derivatives are again such expressions.
 */
import type { DType } from '../graph/dtype.ts';

export type Scalar =
  | { readonly kind: 'arg'; readonly index: number }
  /** The op's own result, which a derivative may reuse: exp' is `y`. */
  | { readonly kind: 'result' }
  /** A literal; it takes the dtype of what it is combined with (`like` the first operand). */
  | { readonly kind: 'literal'; readonly value: number }
  | { readonly kind: 'apply'; readonly fn: Intrinsic; readonly args: readonly Scalar[] }
  | { readonly kind: 'cast'; readonly to: DType; readonly arg: Scalar };

/** A WGSL type that an intrinsic is printed for: scalar (width 1) or vector. */
export interface WgslType {
  /** `f32`, `vec4f`, `vec4<u32>`. */
  readonly name: string;
  readonly dtype: DType;
  readonly width: 1 | 2 | 4;
}

/** What an intrinsic accepts. `num` is any float or integer. */
export type Domain = 'float' | 'integer' | 'num' | 'bool' | 'any';

export interface Intrinsic {
  readonly name: string;
  readonly arity: number;
  /** Dtype class of the operands (of `select`: of its last two). */
  readonly domain: Domain;
  /** `same` as the operands, or fixed. */
  readonly result: 'same' | 'bool' | 'u32';
  /** Meaning on f64 values (integers and bools are exact in f64); `dtype` is the operands'. */
  js(args: readonly number[], dtype: DType): number;
  /** WGSL of the application; `type` is the operands'. */
  wgsl(args: readonly string[], type: WgslType): string;
  /** A WGSL function that the text above calls, for this type; emitted once a module. */
  helper?(type: WgslType): { readonly name: string; readonly text: string };
  /** d result / d argument i; undefined where it is zero everywhere it exists. Absent: no derivative at all. */
  partials?(args: readonly Scalar[], result: Scalar): readonly (Scalar | undefined)[];
  /** Rough cost in multiply-adds, for fusion decisions. */
  readonly cost: number;
}

export const arg = (index: number): Scalar => ({ kind: 'arg', index });
export const literal = (value: number): Scalar => ({ kind: 'literal', value });
export const castTo = (to: DType, x: Scalar): Scalar => ({ kind: 'cast', to, arg: x });
export const apply = (fn: Intrinsic, ...args: readonly Scalar[]): Scalar => ({
  kind: 'apply',
  fn,
  args,
});

/**
 * Conversion between element types, in f64; floats stay as they are, so that the reference keeps its
 * precision. From a float, integers truncate and saturate; between integers, the bits stay (as in WGSL).
 */
export function castValue(x: number, to: DType, from: DType = 'f32'): number {
  const keepsBits = from === 'i32' || from === 'u32';
  switch (to) {
    case 'f32':
    case 'f16':
      return x;
    case 'i32':
      return keepsBits ? x | 0 : Math.min(2147483647, Math.max(-2147483648, Math.trunc(x) || 0));
    case 'u32':
      return keepsBits ? x >>> 0 : Math.min(4294967295, Math.max(0, Math.trunc(x) || 0));
    case 'bool':
      return x !== 0 ? 1 : 0;
  }
}
