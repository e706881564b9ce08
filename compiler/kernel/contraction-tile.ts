/**
 * What all contraction lowerings share: rows and columns of the product, where a tile's element
 * lies, and the epilogue that ends every sum. Four columns are always one vector; `swapped` makes the
 * spec's m the columns.
 *
 * Rows and columns past the edge are computed from whatever lies there and never stored: loads cannot
 * leave the buffer, and a row's garbage stays in its row.
 */
import { addConstant, divide, type Index, modulo, scale } from '../index/index-expr.ts';
import { add as addFn, mul as mulFn } from '../scalar/intrinsics.ts';
import type { Schedule } from '../schedule/schedule.ts';
import { placeOf } from './axes.ts';
import {
  component,
  emitValue,
  type Place,
  placed,
  splat,
  vectorIndex,
  vectorPlace,
} from './emit-value.ts';
import { type Expr, literal } from './ir.ts';
import type { KernelBuilder } from './kernel-builder.ts';
import { type Axis, type KernelSpec, sizeOfAxes } from './spec.ts';
import { type Value, valuesBelow } from './value.ts';

export type ContractSpec = KernelSpec & { kind: 'contract' };
export type ContractSchedule = Schedule & { kind: 'contract' };

export interface Product {
  readonly batch: readonly Axis[];
  readonly rows: readonly Axis[];
  readonly columns: readonly Axis[];
  readonly depth: readonly Axis[];
  /** Over batch, rows, depth. */
  readonly left: Value;
  /** Over batch, depth, columns. */
  readonly right: Value;
  readonly rowCount: number;
  readonly columnCount: number;
  readonly depthCount: number;
  readonly batchCount: number;
}

export function productOf(spec: ContractSpec, swapped: boolean): Product {
  const { batch, m, n, k, a, b } = spec.contraction;
  const [rows, columns, left, right] = swapped ? [n, m, b, a] : [m, n, a, b];
  return {
    batch,
    rows,
    columns,
    depth: k,
    left,
    right,
    rowCount: sizeOfAxes(rows),
    columnCount: sizeOfAxes(columns),
    depthCount: sizeOfAxes(k),
    batchCount: sizeOfAxes(batch),
  };
}

/** Whether each line that the spec reduces over is held whole by one invocation. */
export function holdsLines(spec: ContractSpec, s: ContractSchedule): boolean {
  if (spec.lines === undefined) return true;
  const swapped = spec.lines.over === 'm';
  const { columnCount } = productOf(spec, swapped);
  return s.variant === 'direct' && s.swapped === swapped && 4 * s.columns >= columnCount;
}

/** Which tile of the product a flat tile number is. */
export interface TileGrid {
  readonly rowTiles: number;
  readonly columnTiles: number;
  readonly count: number;
}
export function tileGrid(p: Product, tileRows: number, tileColumns: number): TileGrid {
  const rowTiles = Math.ceil(p.rowCount / tileRows);
  const columnTiles = Math.ceil(p.columnCount / tileColumns);
  return { rowTiles, columnTiles, count: p.batchCount * rowTiles * columnTiles };
}
export function tileAt(t: TileGrid, tile: Index): { batch: Index; row: Index; column: Index } {
  return {
    column: modulo(tile, t.columnTiles),
    row: modulo(divide(tile, t.columnTiles), t.rowTiles),
    batch: divide(tile, t.columnTiles * t.rowTiles),
  };
}

/** Iteration variables at a point of the product. */
export function pointOf(
  p: Product,
  at: { batch: Index; row?: Index; column?: Index; depth?: Index },
): Map<string, Index> {
  return new Map([
    ...placeOf(p.batch, at.batch),
    ...(at.row === undefined ? [] : placeOf(p.rows, at.row)),
    ...(at.column === undefined ? [] : placeOf(p.columns, at.column)),
    ...(at.depth === undefined ? [] : placeOf(p.depth, at.depth)),
  ]);
}

/** Loads that become vectors at a place, less those that fall apart into four. */
export function vectorScore(
  value: Value,
  vars: (lane: number) => ReadonlyMap<string, Index>,
): number {
  const at: Place = vectorPlace(vars, new Map());
  let score = 0;
  for (const v of valuesBelow([value])) {
    if (v.kind !== 'load') continue;
    const lanes = at.lanes.map((_, lane) => placed(v.index, at, lane));
    if (lanes.every((l) => l.key === lanes[0]?.key)) continue;
    score += vectorIndex(lanes) === undefined ? -1 : 1;
  }
  return score;
}

/** sum + left·right, on vectors; `left` may be one value for all lanes. */
const multiplyAdd = (sum: Expr, left: Expr, right: Expr): Expr => ({
  kind: 'apply',
  fn: addFn,
  args: [sum, { kind: 'apply', fn: mulFn, args: [splat(left), splat(right)], type: sum.type }],
  type: sum.type,
});

/** The registers of a tile: `rows` × `columns` sums of four. */
export type Sums = readonly (readonly Expr[])[];

export const range = (n: number): number[] => [...Array(n).keys()];

export function startSums(b: KernelBuilder, spec: ContractSpec, s: ContractSchedule): Sums {
  const zero = literal(0, { dtype: spec.contraction.dtype, width: 4 });
  return range(s.rows).map(() => range(s.columns).map(() => b.variable('sum', zero)));
}

/** Adds left(i)·right(j) to every sum. */
export function addProducts(
  b: KernelBuilder,
  sums: Sums,
  left: (i: number) => Expr,
  right: readonly Expr[],
): void {
  sums.forEach((line, i) => {
    const l = left(i);
    line.forEach((sum, j) => {
      const r = right[j];
      if (r !== undefined) b.assign(sum, multiplyAdd(sum, l, r));
    });
  });
}

/** The four values `right` at depths 4·step+0 … +3, each over four columns, from `column`. */
export function emitRight(
  b: KernelBuilder,
  p: Product,
  batch: Index,
  step: Index,
  column: Index,
  physical: ReadonlyMap<string, Expr>,
): (u: number) => Expr {
  const byColumn = (u: number) => (lane: number) =>
    pointOf(p, { batch, column: addConstant(column, lane), depth: addConstant(scale(step, 4), u) });
  const byDepth = (c: number) => (lane: number) =>
    pointOf(p, { batch, column: addConstant(column, c), depth: addConstant(scale(step, 4), lane) });
  if (vectorScore(p.right, byColumn(0)) >= vectorScore(p.right, byDepth(0)))
    return (u) => splat(emitValue(b, p.right, vectorPlace(byColumn(u), physical)));
  // Consecutive along the depth: load four columns as vectors of four depths and exchange.
  const columns = [0, 1, 2, 3].map((c) => emitValue(b, p.right, vectorPlace(byDepth(c), physical)));
  return (u) =>
    b.bind({
      kind: 'compose',
      parts: columns.map((c) => component(c, u)),
      type: { dtype: p.right.dtype, width: 4 },
    });
}
