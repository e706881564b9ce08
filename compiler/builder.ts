/**
 * Functions that build graph: the one vocabulary of the elaborator, the derivative rules and the
 * programmatic API. They broadcast as NumPy does; the language's stricter one-sided rule is the
 * elaborator's business.
 */
import {
  type Dim,
  dimKey,
  equalDims,
  equalShapes,
  isSymbolic,
  productOf,
  shapeText,
} from './graph/dim.ts';
import type { DType, StorageDType } from './graph/dtype.ts';
import type { Graph } from './graph/graph.ts';
import { type Node, ShapeError } from './graph/node.ts';
import { contract } from './ops/contract.ts';
import { customVjp as customVjpOp, ruleArgument as ruleArgumentOp } from './ops/custom-vjp.ts';
import { gather as gatherOp, scatterAdd as scatterOp } from './ops/gather.ts';
import { type InputKind, input as inputOp, iota as iotaOp, literalOp, sizeOp } from './ops/leaf.ts';
import { cast as castOp, mapOp } from './ops/map.ts';
import { prefixOp } from './ops/prefix.ts';
import { prod } from './ops/prod.ts';
import * as reduceOps from './ops/reduce.ts';
import { expand as expandOp } from './ops/reduce.ts';
import { argsort as argsortOp } from './ops/sort.ts';
import * as views from './ops/view.ts';
import * as f from './scalar/intrinsics.ts';
import type { Intrinsic } from './scalar/scalar.ts';

/** A tensor, or a number that takes the dtype of what it meets. */
export type Operand = Node | number;

export const input = (
  g: Graph,
  name: string,
  kind: InputKind,
  storage: StorageDType,
  shape: readonly Dim[],
): Node => g.make(inputOp, [], { name, kind, storage, shape });
export const literal = (g: Graph, value: number, dtype: DType): Node =>
  g.make(literalOp, [], { value, dtype });
export const iota = (g: Graph, n: Dim): Node => g.make(iotaOp, [], { n });
/** A size as a scalar tensor. */
export const size = (g: Graph, dim: Dim, dtype: DType): Node =>
  isSymbolic(dim) ? g.make(sizeOp, [], { dim, dtype }) : literal(g, dim, dtype);

export const cast = (g: Graph, x: Node, to: DType): Node =>
  x.type.dtype === to ? x : g.make(castOp, [x], { to });
export const reshape = (g: Graph, x: Node, shape: readonly Dim[]): Node =>
  equalShapes(x.type.shape, shape) ? x : g.make(views.reshape, [x], { shape });
export const permute = (g: Graph, x: Node, perm: readonly number[]): Node =>
  perm.every((p, i) => p === i) ? x : g.make(views.permute, [x], { perm });
export const transpose = (g: Graph, x: Node): Node => {
  const n = x.type.shape.length;
  return permute(g, x, [...Array(n - 2).keys(), n - 1, n - 2]);
};
export const expand = (g: Graph, x: Node, shape: readonly Dim[]): Node =>
  equalShapes(x.type.shape, shape) ? x : g.make(expandOp, [x], { shape });
export const slice = (
  g: Graph,
  x: Node,
  start: readonly Dim[],
  step: readonly number[],
  sizes: readonly Dim[],
): Node =>
  equalShapes(x.type.shape, sizes) && step.every((s) => s === 1)
    ? x
    : g.make(views.slice, [x], { start, step, size: sizes });
export const pad = (g: Graph, x: Node, lo: readonly Dim[], hi: readonly Dim[], value = 0): Node =>
  g.make(views.pad, [x], { lo, hi, interior: lo.map(() => 0), value });
export const concat = (g: Graph, xs: readonly Node[], axis: number): Node =>
  g.make(views.concat, xs, { axis });
export const stopGradient = (g: Graph, x: Node): Node => g.make(views.stopGradient, [x]);
/** A node with an identity of its own, to differentiate by. */
export const variable = (g: Graph, x: Node, name: string): Node =>
  g.make(views.variableOp, [x], { name });
/** What stands for a tensor of this type in a rule that is applied later. */
export const ruleArgument = (g: Graph, like: Node['type'], name: string): Node =>
  g.make(ruleArgumentOp, [broadcastTo(g, literal(g, 0, like.dtype), like.shape)], { name });
/**
 * `value`, with the cotangents of `xs` given by a rule: graph over `xs` and the two stand-ins made by
 * `ruleArgument`.
 */
export const customVjp = (
  g: Graph,
  value: Node,
  rule: { readonly y: Node; readonly dy: Node; readonly cotangents: readonly Node[] },
  xs: readonly Node[],
): Node => g.make(customVjpOp, [value, rule.y, rule.dy, ...xs, ...rule.cotangents]);

/** Aligns shapes at the right and stretches axes of size 1; ShapeError NN0207 where that fails. */
export function broadcastShapes(shapes: readonly (readonly Dim[])[]): Dim[] {
  const rank = Math.max(0, ...shapes.map((s) => s.length));
  return Array.from({ length: rank }, (_, i) => {
    let size: Dim = 1;
    for (const s of shapes) {
      const d = s[s.length - rank + i] ?? 1;
      if (equalDims(d, 1) || equalDims(d, size)) continue;
      if (!equalDims(size, 1))
        throw new ShapeError(
          'NN0207',
          `${shapes.map(shapeText).join(' and ')} differ on axis ${i - rank}`,
          { axis: i - rank },
        );
      size = d;
    }
    return size;
  });
}

/** Repeats x to a shape: new axes at the left, axes of size 1 stretched. */
export function broadcastTo(g: Graph, x: Node, shape: readonly Dim[]): Node {
  const missing = shape.length - x.type.shape.length;
  return expand(g, reshape(g, x, [...Array<number>(missing).fill(1), ...x.type.shape]), shape);
}

/** Applies a scalar function element by element, with broadcasting; numbers take the tensors' dtype. */
export function elementwise(g: Graph, fn: Intrinsic, ...operands: readonly Operand[]): Node {
  const tensors = operands.filter((x): x is Node => typeof x !== 'number');
  // The condition of `select` is a bool beside values of another dtype.
  const dtype =
    (fn.name === 'select' ? tensors.slice(typeof operands[0] === 'number' ? 0 : 1) : tensors)[0]
      ?.type.dtype ?? 'f32';
  const nodes = operands.map((x) => (typeof x === 'number' ? literal(g, x, dtype) : x));
  const shape = broadcastShapes(nodes.map((n) => n.type.shape));
  return g.make(
    mapOp(fn),
    nodes.map((n) => broadcastTo(g, n, shape)),
  );
}

type Unary = (g: Graph, x: Node) => Node;
type Binary = (g: Graph, x: Operand, y: Operand) => Node;
const unary =
  (fn: Intrinsic): Unary =>
  (g, x) =>
    elementwise(g, fn, x);
const binary =
  (fn: Intrinsic): Binary =>
  (g, x, y) =>
    elementwise(g, fn, x, y);
export const neg: Unary = unary(f.neg);
export const exp: Unary = unary(f.exp);
export const log: Unary = unary(f.log);
export const sqrt: Unary = unary(f.sqrt);
export const tanh: Unary = unary(f.tanh);
export const abs: Unary = unary(f.abs);
export const floor: Unary = unary(f.floor);
export const not: Unary = unary(f.not);
export const sigmoid: Unary = unary(f.sigmoid);
export const add: Binary = binary(f.add);
export const sub: Binary = binary(f.sub);
export const mul: Binary = binary(f.mul);
export const div: Binary = binary(f.div);
export const maximum: Binary = binary(f.max);
export const minimum: Binary = binary(f.min);
export const pow: Binary = binary(f.pow);
export const eq: Binary = binary(f.eq);
export const gt: Binary = binary(f.gt);
export const lt: Binary = binary(f.lt);
export const where = (g: Graph, condition: Node, yes: Operand, no: Operand): Node =>
  elementwise(g, f.select, condition, yes, no);

/** Every axis, each as a number from 0; negative axes count from the end. ShapeError NN0210 out of range. */
export function axesOf(x: Node, axis: number | readonly number[] | undefined): number[] {
  const rank = x.type.shape.length;
  const asked =
    axis === undefined ? [...Array(rank).keys()] : typeof axis === 'number' ? [axis] : [...axis];
  const axes = asked.map((a) => {
    if (!Number.isInteger(a) || a < -rank || a >= rank)
      throw new ShapeError('NN0210', `axis ${a} of a ${rank}-axis tensor`, { axis: a, rank });
    return a < 0 ? a + rank : a;
  });
  return [...new Set(axes)].sort((p, q) => p - q);
}

export type ReduceKind = 'sum' | 'prod' | 'max' | 'min' | 'argmax' | 'argmin';
const reduceRecords = {
  sum: reduceOps.sum,
  prod,
  max: reduceOps.reduceMax,
  min: reduceOps.reduceMin,
  argmax: reduceOps.argmax,
  argmin: reduceOps.argmin,
} as const;

/** Reduces over the axes (all, if undefined); `keepdims` leaves them with size 1. */
export function reduce(
  g: Graph,
  kind: ReduceKind,
  x: Node,
  axis?: number | readonly number[],
  keepdims = false,
): Node {
  const axes = axesOf(x, axis);
  const y =
    axes.length === 0 && kind !== 'argmax' && kind !== 'argmin'
      ? x
      : g.make(reduceRecords[kind], [x], { axes });
  return keepdims
    ? reshape(
        g,
        y,
        x.type.shape.map((d, i) => (axes.includes(i) ? 1 : d)),
      )
    : y;
}
export const sum = (g: Graph, x: Node, axis?: number | readonly number[], keepdims = false): Node =>
  reduce(g, 'sum', x, axis, keepdims);
export function mean(g: Graph, x: Node, axis?: number | readonly number[], keepdims = false): Node {
  const count = productOf(axesOf(x, axis).map((a) => x.type.shape[a] ?? 1));
  return div(g, sum(g, x, axis, keepdims), size(g, count, x.type.dtype));
}
export const prefix = (g: Graph, kind: 'sum' | 'prod' | 'max', x: Node, axis: number): Node =>
  g.make(prefixOp(kind), [x], { axis: axesOf(x, axis)[0] ?? 0, reverse: false, exclusive: false });

/** Contraction by labels (`mk,kn->mn`). A label that only one operand has and the result lacks is summed first. */
export function einsum(g: Graph, labels: string, a: Node, b: Node): Node {
  const [ins = '', out = ''] = labels.split('->');
  const [la = '', lb = ''] = ins.split(',');
  const alone = (x: Node, mine: string, other: string): [Node, string] => {
    const axes = [...mine].flatMap((l, i) => (other.includes(l) || out.includes(l) ? [] : [i]));
    return [sum(g, x, axes), [...mine].filter((_, i) => !axes.includes(i)).join('')];
  };
  const [na, ra] = alone(a, la, lb);
  const [nb, rb] = alone(b, lb, la);
  const acc = a.type.dtype === 'f16' ? 'f32' : a.type.dtype;
  return g.make(contract, [na, nb], { labels: `${ra},${rb}->${out}`, acc });
}

const letters = 'abcdefghijlopqrstuvwxyz';
/** `a @ b` with NumPy's rules: last two axes, leading axes broadcast, rank 1 as a row or a column. */
export function matmul(g: Graph, a: Node, b: Node): Node {
  const [ra, rb] = [a.type.shape.length, b.type.shape.length];
  if (ra === 0 || rb === 0)
    throw new ShapeError('NN0203', 'a scalar has no inner size; write `*`', {
      left: shapeText(a.type.shape),
      right: shapeText(b.type.shape),
    });
  const inner = [a.type.shape[ra - 1] ?? 1, b.type.shape[Math.max(0, rb - 2)] ?? 1] as const;
  if (!equalDims(inner[0], inner[1]))
    throw new ShapeError(
      'NN0203',
      `${shapeText(a.type.shape)} @ ${shapeText(b.type.shape)}: ${dimKey(inner[0])} columns against ${dimKey(inner[1])} rows`,
      { left: shapeText(a.type.shape), right: shapeText(b.type.shape) },
    );
  const batchA = a.type.shape.slice(0, Math.max(0, ra - 2));
  const batchB = b.type.shape.slice(0, Math.max(0, rb - 2));
  const batch = broadcastShapes([batchA, batchB]);
  // An axis of size 1 that the other side stretches is dropped from its operand, so nothing is repeated.
  const labelled = (x: Node, own: readonly Dim[], core: string): [Node, string] => {
    const kept = own.flatMap((d, i) =>
      equalDims(d, batch[batch.length - own.length + i] ?? 1) ? [i] : [],
    );
    const labels = kept.map((i) => letters[batch.length - own.length + i] ?? '?').join('');
    const shape = [...kept.map((i) => own[i] ?? 1), ...x.type.shape.slice(own.length)];
    return [reshape(g, x, shape), labels + core];
  };
  const [na, la] = labelled(a, batchA, ra === 1 ? 'k' : 'mk');
  const [nb, lb] = labelled(b, batchB, rb === 1 ? 'k' : 'kn');
  const core = (ra === 1 ? '' : 'm') + (rb === 1 ? '' : 'n');
  return einsum(g, `${la},${lb}->${letters.slice(0, batch.length)}${core}`, na, nb);
}

/** Rows of x by number: x[…, ids, …] along `axis`; ids are integers, one out of range reads zeros. */
export function gather(g: Graph, x: Node, ids: Node, axis = 0): Node {
  const [at = 0] = axesOf(x, axis);
  const rank = x.type.shape.length;
  const first = [at, ...[...Array(rank).keys()].filter((i) => i !== at)];
  const rows = g.make(gatherOp, [permute(g, x, first), ids], { batch: 0 });
  // The new axes stand in front; they belong where the old one was.
  const k = ids.type.shape.length;
  const before = [...Array(at).keys()].map((i) => i + k);
  const after = [...Array(rank - 1 - at).keys()].map((i) => i + k + at);
  return permute(g, rows, [...before, ...Array(k).keys(), ...after]);
}

/** Element by element along an axis: x[…, ids[…, k, …], …], with ids of x's shape but for that axis. */
export function takeAlong(g: Graph, x: Node, ids: Node, axis = -1): Node {
  const [at = 0] = axesOf(x, axis);
  const rank = x.type.shape.length;
  const last = [...[...Array(rank).keys()].filter((i) => i !== at), at];
  const batch = rank - 1;
  const found = g.make(gatherOp, [permute(g, x, last), permute(g, ids, last)], { batch });
  return permute(
    g,
    found,
    last.map((_, i) => last.indexOf(i)),
  );
}

/** [n, c…] whose row r is the sum of the updates[k…, c…] with ids[k…] = r. */
export const scatterAdd = (g: Graph, ids: Node, updates: Node, n: Dim): Node =>
  g.make(scatterOp, [ids, updates], { batch: 0, n });

/** Positions of the elements in order along an axis, the first `count` of them (all, unless told). */
export function argsort(
  g: Graph,
  x: Node,
  {
    axis = -1,
    descending = false,
    count,
  }: { axis?: number; descending?: boolean; count?: Dim } = {},
): Node {
  const [at = 0] = axesOf(x, axis);
  const rank = x.type.shape.length;
  const last = [...[...Array(rank).keys()].filter((i) => i !== at), at];
  const order = g.make(argsortOp, [permute(g, x, last)], {
    descending,
    count: count ?? x.type.shape[at] ?? 1,
  });
  return permute(
    g,
    order,
    last.map((_, i) => last.indexOf(i)),
  );
}
