/** The orthonormal basis that Gram and Schmidt make of the columns of a matrix. Initial values are its main use. */
import type { Graph } from '../graph/graph.ts';
import { ndArray } from '../graph/nd-array.ts';
import { type AtNode, type Node, type Op, ShapeError } from '../graph/node.ts';
import { InternalError } from '../internal-error.ts';
import { div, max, mul, sqrt, sub } from '../scalar/intrinsics.ts';
import { contract } from './contract.ts';
import { literalOp, numberOf } from './leaf.ts';
import { mapOp } from './map.ts';
import { expand, sum } from './reduce.ts';
import { concat, reshape, slice } from './view.ts';

/** In place of the length of a column that is 0 when those before it are taken off: it stays 0 in place of NaN. */
const TINY = 1e-30;

/**
 * x [m, n] with m >= n to q [m, n]: the columns of q are orthonormal, and column j of x is a combination of the
 * first j + 1 of them, with a positive share of the last (the q of a QR decomposition).
 */
export const orthonormal: Op = {
  name: 'orthonormal',
  infer([x]) {
    const [m = 1, n = 1] = x?.shape ?? [];
    if (x === undefined || x.shape.length !== 2)
      throw new ShapeError('NN0204', 'orthonormal columns are those of a matrix');
    if (typeof m === 'number' && typeof n === 'number' && m < n)
      throw new ShapeError('NN0204', `${n} columns of ${m} entries cannot all be orthogonal`);
    return x;
  },
  lowering: { kind: 'composite', expand: expandOrthonormal },
  derivative: { kind: 'none' },
  evaluate([x], _, type) {
    if (x === undefined) throw new InternalError('evaluate', 'orthonormal without an input');
    const [m = 1, n = 1] = type.shape.map(numberOf);
    // Column by column, each on a stretch of its own.
    const columns = Array.from({ length: n }, (_, j) =>
      Float64Array.from({ length: m }, (_, i) => x.data[i * n + j] ?? 0),
    );
    for (const [j, own] of columns.entries()) {
      // The columns before are taken off twice: rounding leaves a share of them the first time.
      for (const earlier of [...columns.slice(0, j), ...columns.slice(0, j)])
        addTimes(own, -dot(own, earlier), earlier);
      const length = Math.max(Math.sqrt(dot(own, own)), TINY);
      for (let i = 0; i < m; i++) own[i] = (own[i] ?? 0) / length;
    }
    const out = ndArray(type.dtype, [m, n]);
    for (const [j, column] of columns.entries())
      for (let i = 0; i < m; i++) out.data[i * n + j] = column[i] ?? 0;
    return out;
  },
  samples: [
    { inputs: [{ dtype: 'f32', shape: [5, 3] }] },
    { inputs: [{ dtype: 'f32', shape: [2, 2] }] },
    { inputs: [{ dtype: 'f32', shape: [4, 1] }] },
  ],
};

function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += (a[i] ?? 0) * (b[i] ?? 0);
  return total;
}
function addTimes(a: Float64Array, times: number, b: Float64Array): void {
  for (let i = 0; i < a.length; i++) a[i] = (a[i] ?? 0) + times * (b[i] ?? 0);
}

/** The same out of products and sums: a few nodes a column, so for matrices of a few dozen columns. */
function expandOrthonormal({ graph: g, node }: AtNode): Node {
  const [x] = node.inputs;
  if (x === undefined) throw new InternalError('ops', 'orthonormal without an input');
  const [m = 1, n = 1] = node.type.shape.map(numberOf);
  let columns: readonly Node[] = [];
  for (let j = 0; j < n; j++) {
    const own = g.make(slice, [x], { start: [0, j], step: [1, 1], size: [m, 1] });
    columns = [...columns, normalised(g, without(g, without(g, own, columns), columns), m)];
  }
  return columns.length === 1 ? (columns[0] ?? x) : g.make(concat, columns, { axis: 1 });
}

/** The column less its projections on the basis so far. */
function without(g: Graph, own: Node, columns: readonly Node[]): Node {
  const [first] = columns;
  if (first === undefined) return own;
  const basis = columns.length === 1 ? first : g.make(concat, columns, { axis: 1 });
  const shares = g.make(contract, [basis, own], { labels: 'mj,mc->jc', acc: 'f32' });
  return g.make(mapOp(sub), [
    own,
    g.make(contract, [basis, shares], { labels: 'mj,jc->mc', acc: 'f32' }),
  ]);
}

function normalised(g: Graph, own: Node, m: number): Node {
  const squares = g.make(sum, [g.make(mapOp(mul), [own, own])], { axes: [0, 1] });
  const tiny = g.make(literalOp, [], { value: TINY, dtype: own.type.dtype });
  const length = g.make(mapOp(max), [g.make(mapOp(sqrt), [squares]), tiny]);
  const spread = g.make(expand, [g.make(reshape, [length], { shape: [1, 1] })], { shape: [m, 1] });
  return g.make(mapOp(div), [own, spread]);
}
