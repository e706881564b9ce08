/**
 * Views: ops that only say where an element comes from. Each lowers to one line of index arithmetic
 * and never becomes a kernel of its own; the reference executes them by copying.
 */
import { addDims, type Dim, equalDims, productOf, shapeText } from '../graph/dim.ts';
import { elementCount, ndArray } from '../graph/nd-array.ts';
import { type Node, type Op, ShapeError } from '../graph/node.ts';
import { addConstant, flatten, type Index, unflatten } from '../index/index-expr.ts';
import { InternalError } from '../internal-error.ts';
import { dimsOf, numberOf, numbersOf } from './leaf.ts';
import { pad, slice } from './slice-pad.ts';
import { copyFrom, firstOf, onePiece, only, sample } from './view-record.ts';

export { pad, slice };

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
    return copyFrom(
      x,
      perm.map((p) => x.shape[p] ?? 1),
      (at) => perm.map((_, i) => at[perm.indexOf(i)] ?? 0),
    );
  },
  samples: [sample([2, 3, 4], { perm: [2, 0, 1] })],
};

/**
 * attrs: axis, pooled. The inputs one after another along the axis. A pooled one joins lines, and has memory of its
 * own: kernels store its inputs right there (`fuse/pools.ts`).
 */
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

export const isPool = (node: Node): boolean => node.op === concat && node.attrs['pooled'] === true;

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
