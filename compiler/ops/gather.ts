/**
 * Reading rows by number, and its adjoint, adding rows by number. By definition
 * `gather(x, ids)` is `one_hot(ids) @ x`: an id out of range reads zeros, and nothing is added for it.
 */
import { type Dim, equalDims, equalShapes, shapeText } from '../graph/dim.ts';
import { elementCount, ndArray } from '../graph/nd-array.ts';
import { type AtNode, type Node, type Op, ShapeError, type TensorType } from '../graph/node.ts';
import { InternalError } from '../internal-error.ts';
import { eq, select } from '../scalar/intrinsics.ts';
import { contract } from './contract.ts';
import { dimsOf, iota, literalOp, numberOf } from './leaf.ts';
import { cast, mapOp } from './map.ts';
import { expand, reduceMax } from './reduce.ts';
import { reshape } from './view.ts';

const pair = <T>(inputs: readonly T[]): readonly [T, T] => {
  const [a, b] = inputs;
  if (a === undefined || b === undefined)
    throw new InternalError('ops', 'gather and scatter take two inputs');
  return [a, b];
};

function checkIds(ids: TensorType, other: TensorType, batch: number): void {
  if (ids.dtype !== 'i32' && ids.dtype !== 'u32')
    throw new ShapeError('NN0240', `row numbers are integers, not ${ids.dtype}`, {
      left: other.dtype,
      right: ids.dtype,
    });
  if (!equalShapes(ids.shape.slice(0, batch), other.shape.slice(0, batch)))
    throw new ShapeError(
      'NN0207',
      `row numbers ${shapeText(ids.shape)} for ${shapeText(other.shape)}`,
    );
}

/**
 * attrs: batch. x[b…, n, c…] and ids[b…, k…] give [b…, k…, c…]: element x[b…, ids[b…, k…], c…]. The ids are
 * i32 or u32; one outside 0 … n-1 gives 0.
 */
export const gather: Op = {
  name: 'gather',
  infer(inputs, attrs) {
    const [x, ids] = pair(inputs);
    const batch = numberOf(attrs['batch']);
    if (x.shape.length <= batch || ids.shape.length < batch)
      throw new InternalError('infer', `gather with ${batch} batch axes of ${shapeText(x.shape)}`);
    checkIds(ids, x, batch);
    return { dtype: x.dtype, shape: [...ids.shape, ...x.shape.slice(batch + 1)] };
  },
  lowering: { kind: 'gather', batch: (attrs) => numberOf(attrs['batch']) },
  derivative: {
    kind: 'linear',
    inputs: [0],
    adjoint: ({ graph, node }, grad) => {
      const [x, ids] = pair(node.inputs);
      const batch = numberOf(node.attrs['batch']);
      return graph.make(scatterAdd, [ids, grad], { batch, n: x.type.shape[batch] ?? 1 });
    },
  },
  evaluate(inputs, attrs, type) {
    const [x, ids] = pair(inputs);
    const out = ndArray(type.dtype, type.shape.map(numberOf));
    eachRow(x.shape, ids, numberOf(attrs['batch']), (row, place, width) => {
      out.data.set(x.data.subarray(row * width, (row + 1) * width), place * width);
    });
    return out;
  },
  samples: [
    {
      inputs: [
        { dtype: 'f32', shape: [4, 3] },
        { dtype: 'i32', shape: [2, 5], range: [0, 4] },
      ],
      attrs: { batch: 0 },
    },
    {
      inputs: [
        { dtype: 'f32', shape: [2, 4] },
        { dtype: 'i32', shape: [2, 3], range: [-1, 5] },
      ],
      attrs: { batch: 1 },
    },
  ],
};

/**
 * attrs: batch, n. ids[b…, k…] and updates[b…, k…, c…] give [b…, n, c…], where row ids[b…, k…] is the sum of the
 * updates for it. Always added in the same order, so the bits are the same from run to run.
 */
export const scatterAdd: Op = {
  name: 'scatter_add',
  infer(inputs, attrs) {
    const [ids, updates] = pair(inputs);
    const [n = 1] = dimsOf([attrs['n'] ?? 1]);
    const batch = numberOf(attrs['batch']);
    checkIds(ids, updates, batch);
    const rank = ids.shape.length;
    if (!equalShapes(updates.shape.slice(0, rank), ids.shape))
      throw new ShapeError(
        'NN0207',
        `updates ${shapeText(updates.shape)} for row numbers ${shapeText(ids.shape)}`,
      );
    return {
      dtype: updates.dtype,
      shape: [...ids.shape.slice(0, batch), n, ...updates.shape.slice(rank)],
    };
  },
  lowering: { kind: 'composite', expand: expandScatter },
  derivative: {
    kind: 'linear',
    inputs: [1],
    adjoint: ({ graph, node }, grad) => {
      const [ids] = pair(node.inputs);
      return graph.make(gather, [grad, ids], { batch: node.attrs['batch'] ?? 0 });
    },
  },
  evaluate(inputs, attrs, type) {
    const [ids, updates] = pair(inputs);
    const out = ndArray(type.dtype, type.shape.map(numberOf));
    eachRow(out.shape, ids, numberOf(attrs['batch']), (row, place, width) => {
      for (let c = 0; c < width; c++)
        out.data[row * width + c] =
          (out.data[row * width + c] ?? 0) + (updates.data[place * width + c] ?? Number.NaN);
    });
    return out;
  },
  samples: [
    {
      inputs: [
        { dtype: 'i32', shape: [5], range: [0, 4] },
        { dtype: 'f32', shape: [5, 3] },
      ],
      attrs: { batch: 0, n: 4 },
    },
    {
      inputs: [
        { dtype: 'i32', shape: [2, 3], range: [0, 7] },
        { dtype: 'f32', shape: [2, 3, 2] },
      ],
      attrs: { batch: 1, n: 7 },
    },
  ],
};

/** Every id in range: its row among those of a table of this shape, its own place, and the width of a row. */
function eachRow(
  table: readonly number[],
  ids: { readonly shape: readonly number[]; readonly data: Float64Array },
  batch: number,
  visit: (row: number, place: number, width: number) => void,
): void {
  const n = table[batch] ?? 1;
  const width = elementCount(table.slice(batch + 1));
  const perBatch = elementCount(ids.shape.slice(batch));
  ids.data.forEach((id, place) => {
    if (id >= 0 && id < n) visit(Math.floor(place / perBatch) * n + id, place, width);
  });
}

/**
 * No atomics (WGSL has none for floats, and their order changes from run to run). With few rows it is a
 * contraction with the one-hot matrix. With many, the updates of equal ids are first added among themselves, a
 * contraction with the k × k matrix of equal ids, and then every row of the result looks up the
 * last place of its id. A non-finite update makes sums that it is multiplied into by 0 NaN as well.
 */
function expandScatter(at: AtNode): Node {
  const { graph: g, node } = at;
  const [ids, updates] = pair(node.inputs);
  const { attrs } = node;
  const batch = numberOf(attrs['batch']);
  const sizes = (shape: readonly Dim[]): number => elementCount(shape.map(numberOf));
  const { dtype } = node.type;
  const [n, b] = [numberOf(attrs['n']), sizes(ids.type.shape.slice(0, batch))];
  const k = sizes(ids.type.shape.slice(batch));
  const c = sizes(updates.type.shape.slice(ids.type.shape.length));
  const id = shaped(at, ids, [b, k]);
  const acc = dtype === 'f16' ? 'f32' : dtype;
  const update = shaped(at, updates, [b, k, c]);
  const rows = shaped(at, g.make(cast, [g.make(iota, [], { n })], { to: ids.type.dtype }), [
    1,
    1,
    n,
  ]);
  /** equal[b, k, m]: whether ids[b, k] is other[b, m]. */
  const equal = (other: Node, m: number): Node =>
    g.make(
      mapOp(eq),
      [repeated(at, id, [b, k, 1], [b, k, m]), other].map((x) => wide(at, x, [b, k, m])),
    );
  const product = (hit: Node): Node =>
    g.make(contract, [g.make(cast, [hit], { to: dtype }), update], { labels: 'bkm,bkc->bmc', acc });
  if (n * c <= k * c + n) return shaped(at, product(equal(rows, n)), node.type.shape);
  const merged = product(equal(shaped(at, id, [b, 1, k]), k));
  const places = shaped(at, g.make(iota, [], { n: k }), [1, k, 1]);
  const none = g.make(literalOp, [], { value: -1, dtype: 'i32' });
  const whole = [b, k, n];
  const found = g.make(mapOp(select), [
    equal(rows, n),
    wide(at, places, whole),
    wide(at, shaped(at, none, [1, 1, 1]), whole),
  ]);
  const last = g.make(reduceMax, [found], { axes: [1] });
  return shaped(at, g.make(gather, [merged, last], { batch: 1 }), node.type.shape);
}

const shaped = ({ graph }: AtNode, x: Node, shape: readonly Dim[]): Node =>
  x.type.shape.length === shape.length && x.type.shape.every((d, i) => equalDims(d, shape[i] ?? -1))
    ? x
    : graph.make(reshape, [x], { shape });
const wide = ({ graph }: AtNode, x: Node, shape: readonly number[]): Node =>
  equalShapes(x.type.shape, shape) ? x : graph.make(expand, [x], { shape });
const repeated = (at: AtNode, x: Node, as: readonly number[], shape: readonly number[]): Node =>
  wide(at, shaped(at, x, as), shape);
