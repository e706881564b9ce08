/** Cutting out and filling up: the adjoint of each is the other. */
import { addDims, type Dim, scaleDim, subDims } from '../graph/dim.ts';
import type { Access, AtNode, Attrs, Node, Op } from '../graph/node.ts';
import { addConstant, divide, type Index, modulo, scale } from '../index/index-expr.ts';
import { InternalError } from '../internal-error.ts';
import { dimsOf, numberOf, numbersOf } from './leaf.ts';
import { copyFrom, firstOf, onePiece, only, sample } from './view-record.ts';

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
    return copyFrom(firstOf(inputs), type.shape.map(numberOf), (at) =>
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
    return copyFrom(
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
