/**
 * Views: ops that only say where an element comes from. Each lowers to one line of index arithmetic
 * and never becomes a kernel of its own; the reference executes them by copying.
 */
import {
  addDims,
  type Dim,
  equalDims,
  productOf,
  scaleDim,
  shapeText,
  subDims,
} from '../graph/dim.ts';
import { elementCount, type NdArray, ndArray, stridesOf } from '../graph/nd-array.ts';
import {
  type Access,
  type AtNode,
  type Attrs,
  type Node,
  type Op,
  type Sample,
  ShapeError,
  type TensorType,
} from '../graph/node.ts';
import {
  addConstant,
  divide,
  flatten,
  type Index,
  modulo,
  scale,
  unflatten,
} from '../index/index-expr.ts';
import { InternalError } from '../internal-error.ts';
import { dimsOf, numberOf, numbersOf } from './leaf.ts';

const only = (inputs: readonly TensorType[]): TensorType => {
  const [t] = inputs;
  if (t === undefined) throw new InternalError('infer', 'a view without an input');
  return t;
};
const firstOf = (inputs: readonly NdArray[]): NdArray => {
  const [x] = inputs;
  if (x === undefined) throw new InternalError('evaluate', 'a view without an input');
  return x;
};
const onePiece = (at: readonly Index[]) => ({ pieces: [{ input: 0, at, guards: [] }], other: 0 });
const sample = (shape: readonly number[], attrs: Attrs): Sample => ({
  inputs: [{ dtype: 'f32', shape }],
  attrs,
});

/** Copies element by element: `from` gives the input's index vector, or undefined for `other`. */
function copy(
  x: NdArray,
  shape: readonly number[],
  from: (at: readonly number[]) => readonly number[] | undefined,
  other = 0,
): NdArray {
  const out = ndArray(x.dtype, shape);
  const strides = stridesOf(x.shape);
  const at = shape.map(() => 0);
  for (let flat = 0; flat < out.data.length; flat++) {
    let rest = flat;
    for (let i = shape.length - 1; i >= 0; i--) {
      const n = shape[i] ?? 1;
      at[i] = rest % n;
      rest = Math.floor(rest / n);
    }
    const source = from(at);
    out.data[flat] =
      source === undefined
        ? other
        : (x.data[source.reduce((s, v, i) => s + v * (strides[i] ?? 0), 0)] ?? Number.NaN);
  }
  return out;
}

/** attrs: shape, with as many elements. */
export const reshape: Op = {
  name: 'reshape',
  infer(inputs, attrs) {
    const x = only(inputs);
    const shape = dimsOf(attrs['shape']);
    if (!equalDims(productOf(x.shape), productOf(shape)))
      throw new ShapeError(
        'NN0209',
        `${x.dtype}${shapeText(x.shape)} cannot become ${shapeText(shape)}`,
        { from: shapeText(x.shape), to: shapeText(shape) },
      );
    return { dtype: x.dtype, shape };
  },
  lowering: {
    kind: 'view',
    access: (at, inputs, attrs) =>
      onePiece(unflatten(flatten(at, numbersOf(attrs['shape'])), inputs[0] ?? [])),
  },
  derivative: {
    kind: 'linear',
    adjoint: ({ graph, node }, grad) =>
      graph.make(reshape, [grad], { shape: node.inputs[0]?.type.shape ?? [] }),
  },
  evaluate: ([x], attrs) => {
    if (x === undefined) throw new InternalError('evaluate', 'reshape without an input');
    return { dtype: x.dtype, shape: numbersOf(attrs['shape']), data: x.data };
  },
  samples: [sample([2, 6], { shape: [3, 4] }), sample([4], { shape: [1, 4, 1] })],
};

/** attrs: perm; axis i of the result is axis perm[i] of the input. */
export const permute: Op = {
  name: 'permute',
  infer(inputs, attrs) {
    const x = only(inputs);
    const perm = numbersOf(attrs['perm']);
    if ([...perm].sort((a, b) => a - b).some((p, i) => p !== i) || perm.length !== x.shape.length)
      throw new InternalError('infer', `permute ${perm.join()} of ${shapeText(x.shape)}`);
    return { dtype: x.dtype, shape: perm.map((p) => x.shape[p] ?? 1) };
  },
  lowering: {
    kind: 'view',
    access: (at, _, attrs) => {
      const source: Index[] = [];
      numbersOf(attrs['perm']).forEach((p, i) => {
        const index = at[i];
        if (index !== undefined) source[p] = index;
      });
      return onePiece(source);
    },
  },
  derivative: {
    kind: 'linear',
    adjoint: ({ graph, node }, grad) => {
      const perm = numbersOf(node.attrs['perm']);
      return graph.make(permute, [grad], { perm: perm.map((_, i) => perm.indexOf(i)) });
    },
  },
  evaluate: (inputs, attrs) => {
    const x = firstOf(inputs);
    const perm = numbersOf(attrs['perm']);
    return copy(
      x,
      perm.map((p) => x.shape[p] ?? 1),
      (at) => perm.map((_, i) => at[perm.indexOf(i)] ?? 0),
    );
  },
  samples: [sample([2, 3, 4], { perm: [2, 0, 1] })],
};

/**
 * attrs: start, step, size, one entry an axis. Element i of an axis is start + i·step; a negative step
 * walks backwards (a flip).
 */
export const slice: Op = {
  name: 'slice',
  infer(inputs, attrs) {
    const x = only(inputs);
    const size = dimsOf(attrs['size']);
    if (size.length !== x.shape.length)
      throw new InternalError('infer', 'slice needs one entry for each axis');
    return { dtype: x.dtype, shape: size };
  },
  lowering: {
    kind: 'view',
    access: (at, _, attrs) => {
      const start = numbersOf(attrs['start']);
      const step = numbersOf(attrs['step']);
      return onePiece(at.map((e, i) => addConstant(scale(e, step[i] ?? 1), start[i] ?? 0)));
    },
  },
  derivative: { kind: 'linear', adjoint: sliceAdjoint },
  evaluate: (inputs, attrs, type) => {
    const start = numbersOf(attrs['start']);
    const step = numbersOf(attrs['step']);
    return copy(firstOf(inputs), type.shape.map(numberOf), (at) =>
      at.map((v, i) => (start[i] ?? 0) + v * (step[i] ?? 1)),
    );
  },
  samples: [
    sample([5, 6], { start: [1, 0], step: [1, 2], size: [3, 3] }),
    sample([5, 6], { start: [4, 5], step: [-1, -2], size: [5, 3] }),
  ],
};

/** Back into a tensor of zeros: pad with |step|-1 between the elements, after undoing the direction. */
function sliceAdjoint({ graph, node }: AtNode, grad: Node): Node {
  const whole = node.inputs[0]?.type.shape ?? [];
  const start = dimsOf(node.attrs['start']);
  const step = numbersOf(node.attrs['step']);
  const size = dimsOf(node.attrs['size']);
  const backwards = step.some((s) => s < 0);
  const forward = backwards
    ? graph.make(slice, [grad], {
        start: size.map((n, i) => ((step[i] ?? 1) < 0 ? subDims(n, 1) : 0)),
        step: step.map((s) => Math.sign(s)),
        size,
      })
    : grad;
  const lowest: Dim[] = start.map((s, i) => {
    const k = step[i] ?? 1;
    return k < 0 ? addDims(s, scaleDim(subDims(size[i] ?? 1, 1), k)) : s;
  });
  const spread = size.map((n, i) => addDims(scaleDim(subDims(n, 1), Math.abs(step[i] ?? 1)), 1));
  return graph.make(pad, [forward], {
    lo: lowest,
    hi: whole.map((n, i) => subDims(subDims(n, lowest[i] ?? 0), spread[i] ?? 0)),
    interior: step.map((s) => Math.abs(s) - 1),
    value: 0,
  });
}

/** attrs: lo, hi (may not be negative), interior (elements put between neighbours), value. */
export const pad: Op = {
  name: 'pad',
  infer(inputs, attrs) {
    const x = only(inputs);
    const lo = dimsOf(attrs['lo']);
    const hi = dimsOf(attrs['hi']);
    const interior = numbersOf(attrs['interior']);
    return {
      dtype: x.dtype,
      shape: x.shape.map((n, i) =>
        addDims(addDims(spreadSize(n, interior[i] ?? 0), lo[i] ?? 0), hi[i] ?? 0),
      ),
    };
  },
  lowering: {
    kind: 'view',
    access: (at, inputs, attrs) => padAccess(at, inputs[0] ?? [], attrs),
  },
  derivative: {
    kind: 'rules',
    vjp: ({ graph, node }, grad) => {
      const interior = numbersOf(node.attrs['interior']);
      return [
        graph.make(slice, [grad], {
          start: dimsOf(node.attrs['lo']),
          step: interior.map((k) => k + 1),
          size: node.inputs[0]?.type.shape ?? [],
        }),
      ];
    },
    // Padding with a value other than 0 is affine, not linear: the tangent is padded with 0.
    jvp: ({ graph, node }, [tangent]) =>
      tangent === undefined ? undefined : graph.make(pad, [tangent], { ...node.attrs, value: 0 }),
  },
  evaluate: (inputs, attrs, type) => {
    const x = firstOf(inputs);
    const lo = numbersOf(attrs['lo']);
    const interior = numbersOf(attrs['interior']);
    return copy(
      x,
      type.shape.map(numberOf),
      (at) => {
        const source = at.map((v, i) => (v - (lo[i] ?? 0)) / ((interior[i] ?? 0) + 1));
        return source.every((v, i) => Number.isInteger(v) && v >= 0 && v < (x.shape[i] ?? 0))
          ? source
          : undefined;
      },
      numberOf(attrs['value']),
    );
  },
  samples: [
    sample([3, 2], { lo: [1, 0], hi: [2, 1], interior: [0, 0], value: 0 }),
    sample([3, 2], { lo: [0, 1], hi: [1, 0], interior: [1, 2], value: 1.5 }),
  ],
};
const spreadSize = (n: Dim, interior: number): Dim => addDims(n, scaleDim(subDims(n, 1), interior));

function padAccess(at: readonly Index[], inner: readonly number[], attrs: Attrs): Access {
  const lo = numbersOf(attrs['lo']);
  const interior = numbersOf(attrs['interior']);
  const guards: { index: Index; size: number }[] = [];
  const source = at.map((e, i) => {
    const shifted = addConstant(e, -(lo[i] ?? 0));
    const step = (interior[i] ?? 0) + 1;
    if (step === 1) {
      guards.push({ index: shifted, size: inner[i] ?? 1 });
      return shifted;
    }
    // Only multiples of the step hold an element; the quotient is taken of a non-negative number.
    const whole = divideShifted(e, lo[i] ?? 0, step);
    guards.push({ index: shifted, size: ((inner[i] ?? 1) - 1) * step + 1 });
    guards.push({ index: whole.remainder, size: 1 });
    return whole.quotient;
  });
  return { pieces: [{ input: 0, at: source, guards }], other: numberOf(attrs['value']) };
}

/** (e - lo) / step and its remainder, arranged so that nothing negative is divided. */
function divideShifted(e: Index, lo: number, step: number): { quotient: Index; remainder: Index } {
  const lift = Math.ceil(lo / step) * step;
  const whole = addConstant(e, lift - lo);
  return {
    quotient: addConstant(divide(whole, step), -lift / step),
    remainder: modulo(whole, step),
  };
}

/** attrs: axis. The inputs one after another along the axis. */
export const concat: Op = {
  name: 'concat',
  infer(inputs, attrs) {
    const axis = numberOf(attrs['axis']);
    const x = only(inputs);
    for (const t of inputs) {
      if (t.dtype !== x.dtype)
        throw new ShapeError('NN0240', `concat needs one dtype, got ${x.dtype} and ${t.dtype}`, {
          left: x.dtype,
          right: t.dtype,
        });
      if (
        t.shape.length !== x.shape.length ||
        t.shape.some((d, i) => i !== axis && !equalDims(d, x.shape[i] ?? -1))
      )
        throw new ShapeError(
          'NN0205',
          `concat along axis ${axis} of ${inputs.map((i) => shapeText(i.shape)).join(', ')}`,
          { axis },
        );
    }
    const total = inputs.reduce<Dim>((s, t) => addDims(s, t.shape[axis] ?? 0), 0);
    return { dtype: x.dtype, shape: x.shape.map((d, i) => (i === axis ? total : d)) };
  },
  lowering: {
    kind: 'view',
    access: (at, inputs, attrs) => {
      const axis = numberOf(attrs['axis']);
      let start = 0;
      const pieces = inputs.map((shape, input) => {
        const shifted = at.map((e, i) => (i === axis ? addConstant(e, -start) : e));
        const size = shape[axis] ?? 1;
        start += size;
        const index = shifted[axis];
        return { input, at: shifted, guards: index === undefined ? [] : [{ index, size }] };
      });
      return { pieces, other: 0 };
    },
  },
  derivative: {
    kind: 'linear',
    joint: true,
    adjoint: ({ graph, node }, grad, input) => {
      const axis = numberOf(node.attrs['axis']);
      const before = node.inputs
        .slice(0, input)
        .reduce<Dim>((s, n) => addDims(s, n.type.shape[axis] ?? 0), 0);
      const size = node.inputs[input]?.type.shape ?? [];
      return graph.make(slice, [grad], {
        start: size.map((_, i) => (i === axis ? before : 0)),
        step: size.map(() => 1),
        size,
      });
    },
  },
  evaluate: (inputs, attrs, type) => {
    const axis = numberOf(attrs['axis']);
    const out = ndArray(type.dtype, type.shape.map(numberOf));
    const outer = elementCount(out.shape.slice(0, axis));
    let offset = 0;
    const stride = elementCount(out.shape.slice(axis));
    for (const x of inputs) {
      const run = elementCount(x.shape.slice(axis));
      for (let o = 0; o < outer; o++)
        out.data.set(x.data.subarray(o * run, (o + 1) * run), o * stride + offset);
      offset += run;
    }
    return out;
  },
  samples: [
    {
      inputs: [
        { dtype: 'f32', shape: [2, 3] },
        { dtype: 'f32', shape: [2, 1] },
      ],
      attrs: { axis: 1 },
    },
  ],
};

/** Identity with no derivative. */
export const stopGradient: Op = {
  name: 'stop_gradient',
  infer: (inputs) => only(inputs),
  lowering: { kind: 'view', access: (at) => onePiece(at) },
  derivative: { kind: 'none' },
  evaluate: (inputs) => firstOf(inputs),
  samples: [sample([3], {})],
};

/**
 * attrs: name. Identity with an identity of its own: `let x: f32 = 2` is a variable to differentiate by,
 * never one node with another that happens to have the same value. Dropped after differentiation.
 */
export const variableOp: Op = {
  name: 'variable',
  infer: (inputs) => only(inputs),
  lowering: { kind: 'view', access: (at) => onePiece(at) },
  // Not `linear`: its tangent must not share its identity.
  derivative: { kind: 'rules', vjp: (_, grad) => [grad], jvp: (_, [tangent]) => tangent },
  evaluate: (inputs) => firstOf(inputs),
  samples: [sample([3], { name: 'v' })],
};
