/**
 * What a device that keeps WGSL's promises may make of a graph: for every element the exact value, computed by the
 * interpreter in f64, and a bound of the error, carried from node to node. It follows from the element types, from the
 * accuracy of each function and from the lengths of sums, and not from experience. First order: products of errors
 * are left out.
 */
import { isFloat } from '../compiler/graph/dtype.ts';
import { type NdArray, ndArray } from '../compiler/graph/nd-array.ts';
import type { Node, TensorType } from '../compiler/graph/node.ts';
import { reachable } from '../compiler/graph/walk.ts';
import { InternalError } from '../compiler/internal-error.ts';
import { leastNormal, sumError, unitInLastPlace } from './accuracy.ts';
import { uncertainPositions } from './arg-reduction.ts';
import { boundError, distance, scalarProgram } from './scalar-bound.ts';

export interface Bounded {
  readonly value: NdArray;
  /** By element; infinite where nothing can be said of the device's value. */
  readonly error: Float64Array;
}

/**
 * The values and bounds of these nodes and of all below them, down to those of which `given` knows the numbers that
 * lie in memory. All sizes must be numbers.
 */
export function boundedValues(
  nodes: readonly Node[],
  given: (node: Node) => NdArray | undefined,
): ReadonlyMap<Node, Bounded> {
  const known = new Map<Node, Bounded>();
  const isGiven = (node: Node): boolean => {
    const value = given(node);
    if (value === undefined) return false;
    known.set(node, { value, error: value.data.map((v) => flushed(v, value)) });
    return true;
  };
  for (const node of reachable(nodes, isGiven)) {
    if (known.has(node)) continue;
    const inputs = node.inputs.map((x) => known.get(x) ?? missing(x));
    known.set(node, bounded(node, inputs));
  }
  return known;
}

/** A device may read a number below the normal ones as 0. */
const flushed = (v: number, { dtype }: NdArray): number =>
  isFloat(dtype) && Math.abs(v) < leastNormal(dtype) ? Math.abs(v) : 0;

const missing = (node: Node): never => {
  throw new InternalError('verify', `%${node.id} ${node.op.name} before its inputs`);
};

function bounded(node: Node, inputs: readonly Bounded[]): Bounded {
  const { lowering } = node.op;
  switch (lowering.kind) {
    case 'leaf':
      return literal(node);
    case 'map':
      return mapped(node, inputs);
    case 'view':
      return moved(node, inputs);
    case 'gather':
      return gathered(node, inputs);
    case 'reduce':
      if (lowering.combine === 'argmax' || lowering.combine === 'argmin')
        return positions(node, inputs, lowering.combine);
      return lowering.combine === 'max' || lowering.combine === 'min'
        ? moved(node, inputs)
        : summed(node, inputs);
    case 'contract':
      return summed(node, inputs);
    case 'prefix':
      return lowering.combine === 'max' ? moved(node, inputs) : summed(node, inputs);
    case 'composite':
      throw new InternalError('verify', `${node.op.name} was not expanded`);
  }
}

function evaluate(node: Node, inputs: readonly NdArray[], type: TensorType = node.type): NdArray {
  if (node.op.evaluate === undefined)
    throw new InternalError(
      'verify',
      `no value was given for ${node.op.name} ${String(node.attrs['name'] ?? '')}`,
    );
  return node.op.evaluate(inputs, node.attrs, type);
}

/** Numbers of the file need not be numbers of the type. */
function literal(node: Node): Bounded {
  const value = evaluate(node, []);
  const error = value.data.map((v) => (isFloat(value.dtype) ? Math.abs(v - Math.fround(v)) : 0));
  return { value, error };
}

function mapped(node: Node, inputs: readonly Bounded[]): Bounded {
  const { lowering, name } = node.op;
  if (lowering.kind !== 'map') throw new InternalError('verify', `${name} is no map`);
  const types = inputs.map((x) => x.value.dtype);
  const program = scalarProgram(lowering.scalar(node.attrs), types);
  const result = program.places - 1;
  const [values, errors] = [new Float64Array(program.places), new Float64Array(program.places)];
  const value = ndArray(node.type.dtype, node.type.shape.map(Number));
  const error = new Float64Array(value.data.length);
  for (let i = 0; i < error.length; i++) {
    for (const [k, x] of inputs.entries()) {
      values[k] = x.value.data[i] ?? Number.NaN;
      errors[k] = x.error[i] ?? 0;
    }
    program.run(values, errors);
    value.data[i] = values[result] ?? Number.NaN;
    error[i] = errors[result] ?? 0;
  }
  return { value, error };
}

/** What computes nothing, or grows with each input: the error is how far both ends are from the middle. */
function moved(node: Node, inputs: readonly Bounded[]): Bounded {
  const value = evaluate(
    node,
    inputs.map((x) => x.value),
  );
  if (inputs.every((x) => x.error.every((e) => e === 0)))
    return { value, error: new Float64Array(value.data.length) };
  const float = { ...node.type, dtype: 'f32' as const };
  const shifted = (sign: 1 | -1): NdArray =>
    evaluate(
      node,
      inputs.map((x) => ({
        ...x.value,
        dtype: 'f32' as const,
        data: x.value.data.map((v, i) => v + sign * (x.error[i] ?? 0)),
      })),
      float,
    );
  const [up, down] = [shifted(1), shifted(-1)];
  const error = value.data.map((v, i) =>
    Math.max(distance(up.data[i] ?? v, v), distance(down.data[i] ?? v, v)),
  );
  return { value, error };
}

/** A row number that may be another makes the row anything. */
function gathered(node: Node, inputs: readonly Bounded[]): Bounded {
  const [x, ids] = inputs;
  if (x === undefined || ids === undefined)
    throw new InternalError('verify', 'a gather without its inputs');
  const at = { ...ids, error: new Float64Array(ids.error.length) };
  const result = moved({ ...node }, [x, { ...at, value: ids.value }]);
  if (ids.error.every((e) => e === 0)) return result;
  return { ...result, error: result.error.map(() => Number.POSITIVE_INFINITY) };
}

/**
 * Sums, products and contractions, linear in each input: with magnitudes grown by their errors, and by what rounding
 * adds, less the magnitudes as they are.
 */
function summed(node: Node, inputs: readonly Bounded[]): Bounded {
  const value = evaluate(
    node,
    inputs.map((x) => x.value),
  );
  const { dtype } = node.type;
  const isExact = inputs.every((x) => x.error.every((e) => e === 0));
  if (isExact && !isFloat(dtype)) return { value, error: new Float64Array(value.data.length) };
  const float = { ...node.type, dtype: 'f32' as const };
  const magnitudes = (grown: boolean): NdArray =>
    evaluate(
      node,
      inputs.map(({ value: v, error }) => ({
        ...v,
        dtype: 'f32' as const,
        data: v.data.map((x, i) => Math.abs(x) + (grown ? (error[i] ?? 0) : 0)),
      })),
      float,
    );
  const plain = magnitudes(false);
  const grown = isExact ? plain : magnitudes(true);
  const acc = node.attrs['acc'];
  const kept = acc === 'f16' ? 'f16' : 'f32';
  const rounding = isFloat(dtype) ? sumError(termsOf(node, value), kept) : 0;
  const error = value.data.map((v, i) => {
    const most = grown.data[i] ?? 0;
    const carried = distance(most, plain.data[i] ?? 0);
    const own = () =>
      rounding * most + (dtype === 'f16' ? unitInLastPlace(dtype) * Math.abs(v) : 0);
    return boundError(dtype, v, carried, own);
  });
  return { value, error };
}

/** How many terms each element of the result has. */
function termsOf(node: Node, value: NdArray): number {
  const { lowering } = node.op;
  const [first] = node.inputs;
  const shape = first?.type.shape.map(Number) ?? [];
  if (lowering.kind === 'prefix') return shape[lowering.axis(node.attrs)] ?? 1;
  if (lowering.kind === 'contract') {
    const { a, out } = lowering.labels(node.attrs);
    return [...a].reduce((n, label, i) => (out.includes(label) ? n : n * (shape[i] ?? 1)), 1);
  }
  const elements = shape.reduce((n, d) => n * d, 1);
  return Math.max(1, elements / Math.max(1, value.data.length));
}

/** Where another element may be the extreme one, nothing is said of its place. */
function positions(node: Node, inputs: readonly Bounded[], combine: 'argmax' | 'argmin'): Bounded {
  const [x] = inputs;
  const { lowering } = node.op;
  if (x === undefined || lowering.kind !== 'reduce')
    throw new InternalError('verify', `${combine} without an input`);
  const value = evaluate(node, [x.value]);
  const axes = lowering.axes(node.attrs);
  const uncertain = uncertainPositions(x, axes, combine, value.data.length);
  return { value, error: uncertain.map((u) => (u ? Number.POSITIVE_INFINITY : 0)) };
}
