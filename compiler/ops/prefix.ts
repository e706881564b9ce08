/** Running reductions along one axis (cumsum, cumprod, cummax). */

import type { Dim } from '../graph/dim.ts';
import { stridesOf } from '../graph/nd-array.ts';
import type { AtNode, Node, Op } from '../graph/node.ts';
import { InternalError } from '../internal-error.ts';
import { add, ge, gt, le, mul, select } from '../scalar/intrinsics.ts';
import { iota, literalOp, numberOf } from './leaf.ts';
import { cast, mapOp } from './map.ts';
import { expand, sum } from './reduce.ts';
import { pad, reshape, slice } from './view.ts';

type Kind = 'sum' | 'prod' | 'max';
const start: Readonly<Record<Kind, number>> = { sum: 0, prod: 1, max: Number.NEGATIVE_INFINITY };
const merge: Readonly<Record<Kind, (a: number, b: number) => number>> = {
  sum: (a, b) => a + b,
  prod: (a, b) => a * b,
  max: (a, b) => Math.max(a, b),
};

const record = (kind: Kind, derivative: Op['derivative']): Op => ({
  name: `cum${kind}`,
  infer: ([x]) => {
    if (x === undefined) throw new InternalError('infer', 'a running reduction without an input');
    return x;
  },
  lowering: {
    kind: 'prefix',
    combine: kind,
    axis: (attrs) => numberOf(attrs['axis']),
    reverse: (attrs) => attrs['reverse'] === true,
    exclusive: (attrs) => attrs['exclusive'] === true,
  },
  derivative,
  evaluate: ([x], attrs) => {
    if (x === undefined)
      throw new InternalError('evaluate', 'a running reduction without an input');
    const axis = numberOf(attrs['axis']);
    const n = x.shape[axis] ?? 1;
    const stride = stridesOf(x.shape)[axis] ?? 1;
    const data = new Float64Array(x.data.length);
    for (let first = 0; first < data.length; first++) {
      if (Math.floor(first / stride) % n !== 0) continue;
      let running = start[kind];
      for (let i = 0; i < n; i++) {
        const at = first + (attrs['reverse'] === true ? n - 1 - i : i) * stride;
        const next = merge[kind](running, x.data[at] ?? Number.NaN);
        data[at] = attrs['exclusive'] === true ? running : next;
        running = next;
      }
    }
    return { dtype: x.dtype, shape: x.shape, data };
  },
  samples: [
    {
      inputs: [{ dtype: 'f32', shape: [3, 4] }],
      attrs: { axis: 1, reverse: false, exclusive: false },
    },
    {
      inputs: [{ dtype: 'f32', shape: [3, 4] }],
      // The running maximum of nothing is minus infinity, which no difference can be taken of.
      attrs: { axis: 0, reverse: true, exclusive: kind !== 'max' },
    },
  ],
});

const cumsum: Op = record('sum', {
  kind: 'linear',
  adjoint: ({ graph, node }, grad) =>
    graph.make(cumsum, [grad], { ...node.attrs, reverse: node.attrs['reverse'] !== true }),
});

/**
 * Running product y_i = x_0 … x_i. Without quotients, so that zeros are safe: with the exclusive
 * product e_i = x_0 … x_{i-1}, d y_i / d x_j = e_j · (x_{j+1} … x_i). The sum over i ≥ j of
 * g_i · (x_{j+1} … x_i) is h_j = g_j + x_{j+1}·h_{j+1}, a linear recurrence; it is unrolled by
 * doubling (Blelloch 1990, section 1.4): log2(n) steps of h += p·shift(h), p *= shift(p).
 */
const cumprod: Op = record('prod', {
  kind: 'rules',
  vjp: (at, grad) => [cumprodAdjoint(at, grad)],
  // The tangent t_i = t_{i-1}·x_i + e_i·dx_i is the same recurrence run forwards.
  jvp: (at, [tangent]) => (tangent === undefined ? undefined : cumprodTangent(at, tangent)),
});

const before = (at: AtNode, x: Node, reverse: boolean): Node =>
  at.graph.make(cumprod, [x], { axis: at.node.attrs['axis'] ?? 0, reverse, exclusive: true });

function cumprodAdjoint(at: AtNode, grad: Node): Node {
  const { graph, node } = at;
  const x = inputOf(node);
  const reverse = node.attrs['reverse'] === true;
  // For the exclusive form the gradient of y_i reaches x_j only for j < i: shift it first.
  const g = node.attrs['exclusive'] === true ? shift(at, grad, reverse ? -1 : 1, 0) : grad;
  const factor = shift(at, x, reverse ? -1 : 1, 1);
  const h = recurrence(at, g, factor, reverse ? -1 : 1);
  return graph.make(mapOp(mul), [before(at, x, reverse), h]);
}

function cumprodTangent(at: AtNode, tangent: Node): Node {
  const { graph, node } = at;
  const x = inputOf(node);
  const reverse = node.attrs['reverse'] === true;
  const inflow = graph.make(mapOp(mul), [before(at, x, reverse), tangent]);
  const t = recurrence(at, inflow, x, reverse ? 1 : -1);
  return node.attrs['exclusive'] === true ? shift(at, t, reverse ? 1 : -1, 0) : t;
}

const inputOf = (node: Node): Node => {
  const [x] = node.inputs;
  if (x === undefined) throw new InternalError('autodiff', 'a running product without an input');
  return x;
};

/**
 * h_i = g_i + p_i · h_{i+direction}: by doubling where the size is a number. Else as the sum over i of
 * g_i times the product of the p between j and i, which takes n² products, but no size.
 */
function recurrence(at: AtNode, g: Node, p: Node, direction: 1 | -1): Node {
  const n = at.node.type.shape[numberOf(at.node.attrs['axis'])] ?? 1;
  if (typeof n !== 'number') return recurrenceOfAnySize(at, n, g, p, direction);
  let h = g;
  let product = p;
  for (let step = 1; step < n; step *= 2) {
    const far = at.graph.make(mapOp(mul), [product, shift(at, h, direction * step, 0)]);
    h = at.graph.make(mapOp(add), [h, far]);
    product = at.graph.make(mapOp(mul), [product, shift(at, product, direction * step, 0)]);
  }
  return h;
}

function recurrenceOfAnySize(at: AtNode, n: Dim, g: Node, p: Node, direction: 1 | -1): Node {
  const { graph, node } = at;
  const axis = numberOf(node.attrs['axis']);
  const { shape } = node.type;
  const { dtype } = g.type;
  // The new axis, of j, stands before that of i.
  const one = (size: Dim, own: Dim): Dim[] =>
    shape.flatMap((d, k) => (k === axis ? [own, size] : [d]));
  const square = one(n, n);
  const widened = (x: Node): Node =>
    graph.make(expand, [graph.make(reshape, [x], { shape: one(n, 1) })], { shape: square });
  const constant = (value: number): Node => {
    const scalar = graph.make(literalOp, [], { value, dtype });
    return graph.make(expand, [graph.make(reshape, [scalar], { shape: square.map(() => 1) })], {
      shape: square,
    });
  };
  const counted = (which: number): Node => {
    const line = graph.make(reshape, [graph.make(iota, [], { n })], {
      shape: square.map((_, k) => (k === which ? n : 1)),
    });
    return graph.make(expand, [line], { shape: square });
  };
  const [j, i] = [counted(axis), counted(axis + 1)];
  const beyond = graph.make(mapOp(direction > 0 ? ge : le), [i, j]);
  const factors = graph.make(mapOp(select), [beyond, widened(p), constant(1)]);
  const between = graph.make(cumprod, [factors], {
    axis: axis + 1,
    reverse: direction < 0,
    exclusive: true,
  });
  const parts = graph.make(mapOp(mul), [between, widened(g)]);
  return graph.make(sum, [graph.make(mapOp(select), [beyond, parts, constant(0)])], {
    axes: [axis + 1],
  });
}

/** Element i becomes element i+by; beyond the end stands `fill` (0 or 1). */
function shift({ graph, node }: AtNode, x: Node, by: number, fill: number): Node {
  const axis = numberOf(node.attrs['axis']);
  const { shape } = x.type;
  const zero = shape.map(() => 0);
  const along = (k: number) => shape.map((_, i) => (i === axis ? k : 0));
  const longer = graph.make(pad, [x], {
    lo: along(Math.max(0, -by)),
    hi: along(Math.max(0, by)),
    interior: zero,
    value: fill,
  });
  return graph.make(slice, [longer], {
    start: along(Math.max(0, by)),
    step: shape.map(() => 1),
    size: shape,
  });
}

/**
 * Running maximum. Where an element exceeds all before it (`record`), the maximum is that element, else
 * the maximum before it: the recurrence of a product whose factors are 0 at the records and 1
 * elsewhere. Of equals the first one has the gradient.
 */
const cummax: Op = record('max', {
  kind: 'rules',
  vjp: (at, grad) => {
    const reverse = at.node.attrs['reverse'] === true;
    const direction = reverse ? -1 : 1;
    const { isRecord, goesOn } = records(at, reverse);
    const g = at.node.attrs['exclusive'] === true ? shift(at, grad, direction, 0) : grad;
    const h = recurrence(at, g, shift(at, goesOn, direction, 0), direction);
    return [at.graph.make(mapOp(mul), [isRecord, h])];
  },
  jvp: (at, [tangent]) => {
    if (tangent === undefined) return undefined;
    const reverse = at.node.attrs['reverse'] === true;
    const { isRecord, goesOn } = records(at, reverse);
    const inflow = at.graph.make(mapOp(mul), [isRecord, tangent]);
    const t = recurrence(at, inflow, goesOn, reverse ? 1 : -1);
    return at.node.attrs['exclusive'] === true ? shift(at, t, reverse ? 1 : -1, 0) : t;
  },
});

/** 1 where a new maximum begins, and its complement. */
function records(at: AtNode, reverse: boolean): { isRecord: Node; goesOn: Node } {
  const { graph, node } = at;
  const x = inputOf(node);
  const before = graph.make(cummax, [x], {
    axis: node.attrs['axis'] ?? 0,
    reverse,
    exclusive: true,
  });
  const numbers = (condition: Node): Node => graph.make(cast, [condition], { to: x.type.dtype });
  return {
    isRecord: numbers(graph.make(mapOp(gt), [x, before])),
    goesOn: numbers(graph.make(mapOp(le), [x, before])),
  };
}

/** attrs: axis, reverse, exclusive. */
export function prefixOp(kind: Kind): Op {
  return kind === 'sum' ? cumsum : kind === 'prod' ? cumprod : cummax;
}
