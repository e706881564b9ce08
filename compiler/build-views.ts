/**
 * Functions of whole axes, made of the few view ops: rolled, tiled, mirrored, diagonals, borders. They
 * join `builder.ts` as the vocabulary of the elaborator and the programmatic API.
 */
import * as build from './builder.ts';
import { addDims, type Dim, equalDims, mulDims, subDims } from './graph/dim.ts';
import type { Graph } from './graph/graph.ts';
import { type Node, ShapeError } from './graph/node.ts';

const shapeOf = (x: Node): readonly Dim[] => x.type.shape;
const sizeAt = (x: Node, axis: number): Dim => shapeOf(x)[axis] ?? 1;
const withAxis = (shape: readonly Dim[], axis: number, size: Dim): Dim[] =>
  shape.map((d, i) => (i === axis ? size : d));

/** `size` elements of one axis from `start` on; the other axes whole. */
export const sliceAxis = (g: Graph, x: Node, axis: number, start: Dim, size: Dim, step = 1): Node =>
  build.slice(
    g,
    x,
    withAxis(
      shapeOf(x).map(() => 0),
      axis,
      start,
    ),
    shapeOf(x).map((_, i) => (i === axis ? step : 1)),
    withAxis(shapeOf(x), axis, size),
  );

/** The axis backwards. */
export const flip = (g: Graph, x: Node, axis: number): Node =>
  sliceAxis(g, x, axis, subDims(sizeAt(x, axis), 1), sizeAt(x, axis), -1);

/** Element i becomes element i + shift, around the end; |shift| is at most the size. */
export function roll(g: Graph, x: Node, shift: Dim, axis: number): Node {
  const n = sizeAt(x, axis);
  if (typeof n === 'number' && typeof shift === 'number') {
    return rolled(g, x, ((shift % n) + n) % n, axis);
  }
  const backwards = typeof shift === 'number' && shift < 0;
  return rolled(g, x, backwards ? addDims(n, shift) : shift, axis);
}

function rolled(g: Graph, x: Node, by: Dim, axis: number): Node {
  const stay = subDims(sizeAt(x, axis), by);
  if (stay === 0 || by === 0) return x;
  return build.concat(g, [sliceAxis(g, x, axis, stay, by), sliceAxis(g, x, axis, 0, stay)], axis);
}

/** The whole tensor again and again along each axis; more counts than axes add axes at the left. */
export function tile(g: Graph, x: Node, counts: readonly Dim[]): Node {
  const rank = Math.max(counts.length, shapeOf(x).length);
  const own = [...Array<Dim>(rank - shapeOf(x).length).fill(1), ...shapeOf(x)];
  const times = [...Array<Dim>(rank - counts.length).fill(1), ...counts];
  const once = build.reshape(
    g,
    x,
    own.flatMap((d): Dim[] => [1, d]),
  );
  const often = build.expand(
    g,
    once,
    own.flatMap((d, i): Dim[] => [times[i] ?? 1, d]),
  );
  return build.reshape(
    g,
    often,
    own.map((d, i) => mulDims(times[i] ?? 1, d)),
  );
}

/** Each element of the axis `count` times. */
export function repeatInterleave(g: Graph, x: Node, count: Dim, axis: number): Node {
  const shape = shapeOf(x);
  const spread = (size: Dim): Dim[] =>
    shape.flatMap((d, i): Dim[] => (i === axis ? [d, size] : [d]));
  const often = build.expand(g, build.reshape(g, x, spread(1)), spread(count));
  return build.reshape(g, often, withAxis(shape, axis, mulDims(sizeAt(x, axis), count)));
}

/**
 * The diagonal of the last two axes, which must be equal: as many columns more as there are rows make
 * the rows n + 1 long, and the diagonal their first column. Views alone, and exact for any size.
 */
function squareDiagonal(g: Graph, x: Node): Node {
  const lead = shapeOf(x).slice(0, -2);
  const n = shapeOf(x).at(-1) ?? 1;
  const zero = lead.map(() => 0);
  const flat = build.reshape(g, x, [...lead, mulDims(n, n)]);
  const longer = build.pad(g, flat, [...zero, 0], [...zero, n]);
  const rows = build.reshape(g, longer, [...lead, n, addDims(n, 1)]);
  return build.reshape(g, sliceAxis(g, rows, lead.length + 1, 0, 1), [...lead, n]);
}

/** The elements whose indices along two axes are equal; the axis of the diagonal becomes the last. Both have one size. */
export function diagonalOf(g: Graph, x: Node, first: number, second: number): Node {
  const others = shapeOf(x).flatMap((_, i) => (i === first || i === second ? [] : [i]));
  return squareDiagonal(g, build.permute(g, x, [...others, first, second]));
}

/**
 * `x[..., i, i + offset]`, the axis of the diagonal last. ShapeError NN0204 with fewer than two axes,
 * NN0210 where the offset leaves the matrix; sizes that differ must be numbers (NN0410).
 */
export function diagonal(g: Graph, x: Node, offset = 0): Node {
  const rank = shapeOf(x).length;
  const [rows, columns] = [sizeAt(x, rank - 2), sizeAt(x, rank - 1)];
  if (offset === 0 && equalDims(rows, columns)) return squareDiagonal(g, x);
  if (typeof rows !== 'number' || typeof columns !== 'number')
    throw new ShapeError('NN0410', 'the sizes of a matrix that is not square', {});
  const [down, right] = [Math.max(0, -offset), Math.max(0, offset)];
  const n = Math.min(rows - down, columns - right);
  if (n < 1) throw new ShapeError('NN0212', `no diagonal ${offset}`, {});
  const part = sliceAxis(g, sliceAxis(g, x, rank - 2, down, n), rank - 1, right, n);
  return squareDiagonal(g, part);
}

/** The matrices whose diagonals are the last axis of x: the inverse of `diagonal`. */
export function diagonalMatrix(g: Graph, x: Node): Node {
  const lead = shapeOf(x).slice(0, -1);
  const n = shapeOf(x).at(-1) ?? 1;
  const zero = lead.map(() => 0);
  const column = build.reshape(g, x, [...lead, n, 1]);
  const rows = build.pad(g, column, [...zero, 0, 0], [...zero, 0, n]);
  const flat = build.reshape(g, rows, [...lead, mulDims(n, addDims(n, 1))]);
  return build.reshape(g, sliceAxis(g, flat, lead.length, 0, mulDims(n, n)), [...lead, n, n]);
}

/** x where column - row >= k (`upper`) or <= k (`lower`) in the last two axes, else 0. */
export function triangle(g: Graph, x: Node, side: 'upper' | 'lower', k: number): Node {
  const rank = shapeOf(x).length;
  const [rows, columns] = [sizeAt(x, rank - 2), sizeAt(x, rank - 1)];
  const row = build.reshape(g, build.add(g, build.iota(g, rows), k), [rows, 1]);
  const column = build.iota(g, columns);
  const inside =
    side === 'upper'
      ? build.not(g, build.gt(g, row, column))
      : build.not(g, build.lt(g, row, column));
  const zero = build.literal(g, 0, x.type.dtype);
  return build.where(g, inside, x, zero);
}

/** What stands beyond the edge: NumPy's names. */
export type Border = 'edge' | 'reflect' | 'symmetric' | 'wrap';

/** One axis with `lo` and `hi` elements more, taken from the axis itself. */
export function padAxis(g: Graph, x: Node, axis: number, lo: Dim, hi: Dim, border: Border): Node {
  const n = sizeAt(x, axis);
  const part = (start: Dim, size: Dim): Node[] =>
    size === 0 ? [] : [sliceAxis(g, x, axis, start, size)];
  const mirrored = (start: Dim, size: Dim): Node[] =>
    part(start, size).map((p) => flip(g, p, axis));
  const repeated = (start: Dim, size: Dim): Node[] =>
    size === 0
      ? []
      : [build.expand(g, sliceAxis(g, x, axis, start, 1), withAxis(shapeOf(x), axis, size))];
  const [before, after] = ((): [Node[], Node[]] => {
    switch (border) {
      case 'edge':
        return [repeated(0, lo), repeated(subDims(n, 1), hi)];
      case 'reflect':
        return [mirrored(1, lo), mirrored(subDims(subDims(n, 1), hi), hi)];
      case 'symmetric':
        return [mirrored(0, lo), mirrored(subDims(n, hi), hi)];
      case 'wrap':
        return [part(subDims(n, lo), lo), part(0, hi)];
    }
  })();
  const pieces = [...before, x, ...after];
  return pieces.length === 1 ? x : build.concat(g, pieces, axis);
}
