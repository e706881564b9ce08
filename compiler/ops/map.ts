/** Element-wise ops: one for each scalar function of the table, and whatever is composed of them. */
import { equalShapes, shapeText } from '../graph/dim.ts';
import { type DType, isFloat, isInteger } from '../graph/dtype.ts';
import { type NdArray, ndArray } from '../graph/nd-array.ts';
import { type Attrs, type Op, type Sample, ShapeError, type TensorType } from '../graph/node.ts';
import { InternalError } from '../internal-error.ts';
import { intrinsics } from '../scalar/intrinsics.ts';
import {
  apply,
  arg,
  castTo,
  castValue,
  type Domain,
  type Intrinsic,
  type Scalar,
} from '../scalar/scalar.ts';
import { textOf } from './leaf.ts';

/**
 * A whole op from one scalar expression: shape rule, derivative, reference and WGSL all follow.
 * Inputs have equal shapes; the builder inserts `expand`.
 */
export function defineMap(
  name: string,
  arity: number,
  build: (...args: Scalar[]) => Scalar,
  samples?: readonly Sample[],
): Op {
  const expression = build(...Array.from({ length: arity }, (_, i) => arg(i)));
  return mapRecord(name, arity, () => expression, samples);
}

function mapRecord(
  name: string,
  arity: number,
  scalar: (attrs: Attrs) => Scalar,
  samples?: readonly Sample[],
): Op {
  return {
    name,
    infer(inputs, attrs) {
      if (inputs.length !== arity)
        throw new InternalError('infer', `${name} takes ${arity} inputs, not ${inputs.length}`);
      const shape = inputs[0]?.shape ?? [];
      for (const t of inputs)
        if (!equalShapes(t.shape, shape))
          throw new ShapeError(
            'NN0207',
            `${name} needs equal shapes, got ${inputs.map((i) => i.dtype + shapeText(i.shape)).join(' and ')}`,
          );
      const dtype = dtypeOfScalar(
        scalar(attrs),
        inputs.map((t) => t.dtype),
        name,
      );
      if (dtype === undefined) throw new InternalError('infer', `${name} has no dtype`);
      return { dtype, shape };
    },
    lowering: { kind: 'map', scalar },
    derivative: { kind: 'partials' },
    evaluate: (inputs, attrs, type) => evaluateMap(scalar(attrs), inputs, type),
    ...(samples ? { samples } : {}),
  };
}

function evaluateMap(expression: Scalar, inputs: readonly NdArray[], type: TensorType): NdArray {
  const first = inputs[0];
  if (first === undefined) throw new InternalError('evaluate', 'a map op without inputs');
  const out = ndArray(type.dtype, first.shape);
  const value = evaluator(
    expression,
    inputs.map((x) => x.dtype),
  );
  const at = inputs.map(() => 0);
  for (let i = 0; i < out.data.length; i++) {
    for (let k = 0; k < at.length; k++) at[k] = inputs[k]?.data[i] ?? Number.NaN;
    out.data[i] = value(at);
  }
  return out;
}

/** The expression as a function of its arguments, in f64; the walk over it is done once. */
export function evaluator(e: Scalar, args: readonly DType[]): (at: readonly number[]) => number {
  switch (e.kind) {
    case 'arg':
      return (at) => at[e.index] ?? Number.NaN;
    case 'result':
      throw new InternalError('evaluate', 'an expression that refers to its own result');
    case 'literal':
      return () => e.value;
    case 'cast': {
      const inner = evaluator(e.arg, args);
      const from = dtypeOfScalar(e.arg, args, 'cast') ?? 'f32';
      return (at) => castValue(inner(at), e.to, from);
    }
    case 'apply': {
      const parts = e.args.map((a) => evaluator(a, args));
      const types = e.args.map((a) => dtypeOfScalar(a, args, e.fn.name));
      // The condition of `select` says nothing about its operands.
      const dtype = (e.fn.name === 'select' ? types.slice(1) : types).find((t) => t !== undefined);
      if (e.args.every((a, i) => a.kind === 'arg' && a.index === i))
        return (at) => e.fn.js(at, dtype ?? 'f32');
      return (at) =>
        e.fn.js(
          parts.map((p) => p(at)),
          dtype ?? 'f32',
        );
    }
  }
}

const accepts = (domain: Domain, dtype: DType): boolean => {
  switch (domain) {
    case 'any':
      return true;
    case 'float':
      return isFloat(dtype);
    case 'integer':
      return isInteger(dtype);
    case 'num':
      return dtype !== 'bool';
    case 'bool':
      return dtype === 'bool';
  }
};

/** The dtype of an expression; undefined for a literal, which takes the dtype of what it meets. */
export function dtypeOfScalar(e: Scalar, args: readonly DType[], op: string): DType | undefined {
  switch (e.kind) {
    case 'arg':
      return args[e.index];
    case 'result':
    case 'literal':
      return undefined;
    case 'cast':
      return e.to;
    case 'apply': {
      const types = e.args.map((a) => dtypeOfScalar(a, args, op));
      const operands = (e.fn.name === 'select' ? types.slice(1) : types).filter(
        (t) => t !== undefined,
      );
      const [dtype] = operands;
      if (operands.some((t) => t !== dtype))
        throw new ShapeError('NN0240', `${op} needs one dtype, got ${operands.join(' and ')}`, {
          left: operands[0] ?? '',
          right: operands[1] ?? '',
        });
      if (dtype !== undefined && !accepts(e.fn.domain, dtype))
        throw new ShapeError('NN0240', `${op} is not defined for ${dtype}`, {
          left: dtype,
          right: dtype,
        });
      return e.fn.result === 'same' ? dtype : e.fn.result;
    }
  }
}

const sampleRanges: Readonly<Record<string, readonly [number, number]>> = {
  log: [0.2, 3],
  log2: [0.2, 3],
  sqrt: [0.2, 3],
  rsqrt: [0.2, 3],
  log1p: [-0.5, 2],
  asin: [-0.9, 0.9],
  acos: [-0.9, 0.9],
  pow: [0.3, 2],
  div: [0.4, 2],
  rem: [0.4, 2],
  atan2: [0.3, 2],
  floordiv: [0.4, 2],
};

function samplesOf(fn: Intrinsic): readonly Sample[] {
  const dtype: DType = fn.domain === 'bool' ? 'bool' : fn.domain === 'integer' ? 'u32' : 'f32';
  const range =
    sampleRanges[fn.name] ?? (dtype === 'u32' ? ([0, 20] as const) : ([-2, 2] as const));
  const inputs = Array.from({ length: fn.arity }, (_, i) => ({
    dtype: fn.name === 'select' && i === 0 ? ('bool' as const) : dtype,
    shape: [3, 5],
    range,
  }));
  return [{ inputs }];
}

const opByIntrinsic = new Map<Intrinsic, Op>(
  intrinsics.map((fn) => [
    fn,
    mapRecord(
      fn.name,
      fn.arity,
      constantly(apply(fn, ...Array.from({ length: fn.arity }, (_, i) => arg(i)))),
      samplesOf(fn),
    ),
  ]),
);

function constantly<T>(x: T): () => T {
  return () => x;
}

/** The graph op that applies one scalar function. */
export function mapOp(fn: Intrinsic): Op {
  const op = opByIntrinsic.get(fn);
  if (op === undefined)
    throw new InternalError('ops', `the intrinsic ${fn.name} is not in the table`);
  return op;
}
export const mapOps: readonly Op[] = [...opByIntrinsic.values()];

/** attrs: to. Float to integer truncates and saturates; a bool becomes 0 or 1. */
export const cast: Op = mapRecord(
  'cast',
  1,
  (attrs) => castTo(textOf(attrs['to']) as DType, arg(0)),
  [
    { inputs: [{ dtype: 'f32', shape: [4], range: [-5, 5] }], attrs: { to: 'i32' } },
    { inputs: [{ dtype: 'i32', shape: [4], range: [0, 9] }], attrs: { to: 'f32' } },
    { inputs: [{ dtype: 'bool', shape: [4] }], attrs: { to: 'f32' } },
  ],
);
