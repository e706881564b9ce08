/** Reductions (the product apart: `prod.ts`), and `expand`, the adjoint of a sum. */
import { type Dim, equalDims, shapeText } from '../graph/dim.ts';
import { elementCount, type NdArray, ndArray } from '../graph/nd-array.ts';
import {
  type AtNode,
  type Combine,
  type Node,
  type Op,
  ShapeError,
  type TensorType,
} from '../graph/node.ts';
import { constant } from '../index/index-expr.ts';
import { InternalError } from '../internal-error.ts';
import { div, eq, mul } from '../scalar/intrinsics.ts';
import { dimsOf, numberOf, numbersOf } from './leaf.ts';
import { cast, mapOp } from './map.ts';
import { reshape } from './view.ts';

/** attrs: shape. Repeats along axes of size 1; ranks are equal. */
export const expand: Op = {
  name: 'expand',
  infer(inputs, attrs) {
    const [x] = inputs;
    const shape = dimsOf(attrs['shape']);
    if (x === undefined || x.shape.length !== shape.length)
      throw new InternalError('infer', 'expand keeps the rank');
    x.shape.forEach((d, i) => {
      if (d !== 1 && !equalDims(d, shape[i] ?? -1))
        throw new ShapeError(
          'NN0207',
          `${x.dtype}${shapeText(x.shape)} does not stretch to ${shapeText(shape)}`,
        );
    });
    return { dtype: x.dtype, shape };
  },
  lowering: {
    kind: 'view',
    access: (at, inputs) => ({
      pieces: [
        { input: 0, at: at.map((e, i) => (inputs[0]?.[i] === 1 ? constant(0) : e)), guards: [] },
      ],
      other: 0,
    }),
  },
  derivative: {
    kind: 'linear',
    adjoint: ({ graph, node }, grad) => {
      const from = node.inputs[0]?.type.shape ?? [];
      const axes = from.flatMap((d, i) =>
        d === 1 && !equalDims(node.type.shape[i] ?? 1, 1) ? [i] : [],
      );
      return axes.length === 0
        ? grad
        : graph.make(reshape, [graph.make(sum, [grad], { axes })], { shape: from });
    },
  },
  evaluate: ([x], attrs) => {
    if (x === undefined) throw new InternalError('evaluate', 'expand without an input');
    const shape = numbersOf(attrs['shape']);
    const out = ndArray(x.dtype, shape);
    for (let flat = 0; flat < out.data.length; flat++) {
      let rest = flat;
      let source = 0;
      let stride = 1;
      for (let i = shape.length - 1; i >= 0; i--) {
        const at = rest % (shape[i] ?? 1);
        rest = Math.floor(rest / (shape[i] ?? 1));
        const n = x.shape[i] ?? 1;
        if (n !== 1) source += at * stride;
        stride *= n;
      }
      out.data[flat] = x.data[source] ?? Number.NaN;
    }
    return out;
  },
  samples: [{ inputs: [{ dtype: 'f32', shape: [3, 1] }], attrs: { shape: [3, 4] } }],
};

const withoutAxes = (shape: readonly Dim[], axes: readonly number[]): Dim[] =>
  shape.filter((_, i) => !axes.includes(i));
const keepingAxes = (shape: readonly Dim[], axes: readonly number[]): Dim[] =>
  shape.map((d, i) => (axes.includes(i) ? 1 : d));

/** Back to the input's shape: 1 on the reduced axes, then repeated. */
function spread({ graph, node }: AtNode, x: Node): Node {
  const shape = node.inputs[0]?.type.shape ?? [];
  const kept = graph.make(reshape, [x], {
    shape: keepingAxes(shape, numbersOf(node.attrs['axes'])),
  });
  return graph.make(expand, [kept], { shape });
}

function reduceInfer(name: string, result: (t: TensorType) => TensorType['dtype']): Op['infer'] {
  return ([x], attrs) => {
    const axes = numbersOf(attrs['axes']);
    if (
      x === undefined ||
      axes.some((a) => !Number.isInteger(a) || a < 0 || a >= x.shape.length) ||
      new Set(axes).size !== axes.length
    )
      throw new InternalError(
        'infer',
        `${name} over axes ${axes.join()} of ${shapeText(x?.shape ?? [])}`,
      );
    return { dtype: result(x), shape: withoutAxes(x.shape, axes) };
  };
}

/** Visits, for each output element, the values it reduces, in row-major order of the reduced axes. */
function reduceLoop(
  x: NdArray,
  axes: readonly number[],
  each: (out: number, value: number, position: number) => void,
): void {
  const n = x.shape.length;
  for (let flat = 0; flat < x.data.length; flat++) {
    let rest = flat;
    let out = 0;
    let position = 0;
    let outStride = 1;
    let positionStride = 1;
    for (let i = n - 1; i >= 0; i--) {
      const size = x.shape[i] ?? 1;
      const at = rest % size;
      rest = Math.floor(rest / size);
      if (axes.includes(i)) {
        position += at * positionStride;
        positionStride *= size;
      } else {
        out += at * outStride;
        outStride *= size;
      }
    }
    each(out, x.data[flat] ?? Number.NaN, position);
  }
}

const starts: Readonly<Record<Combine, number>> = {
  sum: 0,
  prod: 1,
  max: Number.NEGATIVE_INFINITY,
  min: Number.POSITIVE_INFINITY,
  argmax: Number.NEGATIVE_INFINITY,
  argmin: Number.POSITIVE_INFINITY,
};
const merge = (combine: Combine, a: number, b: number): number => {
  switch (combine) {
    case 'sum':
      return a + b;
    case 'prod':
      return a * b;
    case 'max':
    case 'argmax':
      return Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : Math.max(a, b);
    case 'min':
    case 'argmin':
      return Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : Math.min(a, b);
  }
};

function evaluateReduce(combine: Combine): NonNullable<Op['evaluate']> {
  return ([x], attrs, type) => {
    if (x === undefined) throw new InternalError('evaluate', 'a reduction without an input');
    const axes = numbersOf(attrs['axes']);
    const shape = type.shape.map(numberOf);
    const best = new Float64Array(elementCount(shape)).fill(starts[combine]);
    const where = new Float64Array(best.length);
    reduceLoop(x, axes, (out, value, position) => {
      const before = best[out] ?? 0;
      const after = merge(combine, before, value);
      if (after !== before && !(Number.isNaN(after) && Number.isNaN(before))) where[out] = position;
      best[out] = after;
    });
    const wraps = type.dtype === 'i32' || type.dtype === 'u32';
    const data =
      combine === 'argmax' || combine === 'argmin'
        ? where
        : wraps
          ? best.map((v) => (type.dtype === 'i32' ? v | 0 : v >>> 0))
          : best;
    return { dtype: type.dtype, shape, data };
  };
}

export const reduceOp = (
  combine: Combine,
  derivative: Op['derivative'],
  dtype: (t: TensorType) => TensorType['dtype'] = (t) => t.dtype,
): Op => ({
  name: combine,
  infer: reduceInfer(combine, dtype),
  lowering: { kind: 'reduce', combine, axes: (attrs) => numbersOf(attrs['axes']) },
  derivative,
  evaluate: evaluateReduce(combine),
  samples: [
    { inputs: [{ dtype: 'f32', shape: [3, 4] }], attrs: { axes: [1] } },
    { inputs: [{ dtype: 'f32', shape: [3, 4, 2] }], attrs: { axes: [0, 2] } },
    { inputs: [{ dtype: 'f32', shape: [5] }], attrs: { axes: [0] } },
  ].slice(0, combine === 'argmax' || combine === 'argmin' ? 1 : 3) as NonNullable<Op['samples']>,
});

/** attrs: axes. Sum over them; the axes disappear. */
export const sum: Op = reduceOp('sum', { kind: 'linear', adjoint: spread });

/** The derivative of a reduction whose partial by each element is the element of `weights`. */
export const weighted = (weights: (at: AtNode) => Node): Op['derivative'] => ({
  kind: 'rules',
  vjp: (at, grad) => [at.graph.make(mapOp(mul), [spread(at, grad), weights(at)])],
  jvp: (at, [tangent]) =>
    tangent === undefined
      ? undefined
      : at.graph.make(sum, [at.graph.make(mapOp(mul), [tangent, weights(at)])], at.node.attrs),
});

/** The gradient goes to the extreme elements, shared evenly among equals. */
function shareOfExtremes(at: AtNode): Node {
  const { graph, node } = at;
  const x = node.inputs[0];
  if (x === undefined) throw new InternalError('autodiff', 'a reduction without an input');
  const hit = graph.make(cast, [graph.make(mapOp(eq), [x, spread(at, node)])], {
    to: x.type.dtype,
  });
  return graph.make(mapOp(div), [hit, spread(at, graph.make(sum, [hit], node.attrs))]);
}
export const reduceMax: Op = reduceOp('max', weighted(shareOfExtremes));
export const reduceMin: Op = reduceOp('min', weighted(shareOfExtremes));

/** First position (row-major over the reduced axes) of the largest / smallest element, as i32. */
export const argmax: Op = reduceOp('argmax', { kind: 'none' }, () => 'i32');
export const argmin: Op = reduceOp('argmin', { kind: 'none' }, () => 'i32');
