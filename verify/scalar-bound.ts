/**
 * A scalar expression on numbers of which each may be off by some error: its exact value, and how far a device may be
 * from it. An error is carried through a function by trying the function at the ends of what its arguments may be, which
 * is right for every function that is monotonic in between, and holds for comparisons and choices too.
 */
import type { DType } from '../compiler/graph/dtype.ts';
import { isFloat } from '../compiler/graph/dtype.ts';
import { InternalError } from '../compiler/internal-error.ts';
import { dtypeOfScalar } from '../compiler/ops/map.ts';
import { castValue, type Intrinsic, type Scalar } from '../compiler/scalar/scalar.ts';
import { applicationError, largest, leastNormal, unitInLastPlace } from './accuracy.ts';

/** `values` and `errors` hold the arguments first, then a place for each step; the last step's is the result. */
export interface ScalarProgram {
  readonly places: number;
  run(values: Float64Array, errors: Float64Array): void;
}

interface Step {
  readonly inputs: readonly number[];
  readonly out: number;
  /** Of the result. */
  readonly dtype: DType;
  of(args: readonly number[]): number;
  /** Of this step alone. */
  error(args: readonly number[], value: number): number;
  readonly divides: boolean;
}

export function scalarProgram(expression: Scalar, args: readonly DType[]): ScalarProgram {
  const steps: Step[] = [];
  const constants: { readonly at: number; readonly value: number; readonly error: number }[] = [];
  let places = args.length;
  const place = (e: Scalar): number => {
    switch (e.kind) {
      case 'arg':
        return e.index;
      case 'result':
        throw new InternalError('verify', 'an expression that refers to its own result');
      case 'literal': {
        const at = places++;
        const error = Math.abs(e.value - Math.fround(e.value));
        constants.push({ at, value: e.value, error });
        return at;
      }
      case 'cast': {
        const inputs = [place(e.arg)];
        const from = dtypeOfScalar(e.arg, args, 'cast') ?? 'f32';
        const out = places++;
        const error = (_: readonly number[], value: number) => castError(value, e.to, from);
        const of = ([x = Number.NaN]: readonly number[]) => castValue(x, e.to, from);
        steps.push({ inputs, out, dtype: e.to, of, error, divides: false });
        return out;
      }
      case 'apply':
        return apply(e.fn, e.args);
    }
  };
  const apply = (fn: Intrinsic, operands: readonly Scalar[]): number => {
    const inputs = operands.map(place);
    const types = operands.map((a) => dtypeOfScalar(a, args, fn.name));
    // The condition of `select` says nothing about its operands.
    const dtype =
      (fn.name === 'select' ? types.slice(1) : types).find((t) => t !== undefined) ?? 'f32';
    const out = places++;
    steps.push({
      inputs,
      out,
      dtype: fn.result === 'same' ? dtype : fn.result,
      of: (at) => fn.js(at, dtype),
      error: (at, value) => applicationError(fn, at, value, dtype),
      divides: fn.name === 'div' || fn.name === 'rem' || fn.name === 'floordiv',
    });
    return out;
  };
  const result = place(expression);
  return {
    places: places + 1,
    run(values, errors) {
      for (const { at, value, error } of constants) {
        values[at] = value;
        errors[at] = error;
      }
      for (const step of steps) runStep(step, values, errors);
      values[places] = values[result] ?? Number.NaN;
      errors[places] = errors[result] ?? 0;
    },
  };
}

function castError(value: number, to: DType, from: DType): number {
  if (!isFloat(to)) return 0;
  const exact = to === from || (to === 'f32' && (isFloat(from) || Math.abs(value) <= 2 ** 24));
  return exact ? 0 : unitInLastPlace(to) * Math.abs(value);
}

function runStep(step: Step, values: Float64Array, errors: Float64Array): void {
  const args = step.inputs.map((i) => values[i] ?? Number.NaN);
  const value = step.of(args);
  values[step.out] = value;
  errors[step.out] = boundError(step.dtype, value, carried(step, args, value, errors), () =>
    step.error(args, value),
  );
}

/** An error with what the result's type adds; infinite where nothing can be said of the device's value. */
export function boundError(
  dtype: DType,
  value: number,
  carriedError: number,
  own: () => number,
): number {
  if (!isFloat(dtype)) return carriedError;
  if (!Number.isFinite(value) || Number.isNaN(carriedError)) return Number.POSITIVE_INFINITY;
  const error = carriedError + own();
  const size = Math.abs(value);
  if (size + error > largest(dtype)) return Number.POSITIVE_INFINITY;
  return size < leastNormal(dtype) ? error + size : error;
}

/** What errors of the arguments make of the result. */
function carried(
  { inputs, of, divides }: Step,
  args: readonly number[],
  value: number,
  errors: Float64Array,
): number {
  const open = inputs.flatMap((at, i) => ((errors[at] ?? 0) > 0 ? [i] : []));
  if (open.length === 0) return 0;
  const errorOf = (i: number): number => errors[inputs[i] ?? -1] ?? 0;
  // Between the ends lies 0, where the quotient is infinite.
  if (divides && open.includes(1) && Math.abs(args[1] ?? 0) <= errorOf(1))
    return Number.POSITIVE_INFINITY;
  let most = 0;
  const at = [...args];
  for (let corner = 0; corner < 2 ** open.length; corner++) {
    open.forEach((i, bit) => {
      at[i] = (args[i] ?? 0) + ((corner >> bit) % 2 === 0 ? errorOf(i) : -errorOf(i));
    });
    most = Math.max(most, distance(of(at), value));
  }
  return most;
}

/** Infinite where one of them is not a number. */
export function distance(a: number, b: number): number {
  if (a === b) return 0;
  const difference = Math.abs(a - b);
  return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
}
