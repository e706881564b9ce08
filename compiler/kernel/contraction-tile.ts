/**
 * What all contraction lowerings share: rows and columns of the product, where a tile's element
 * lies, and the epilogue that ends every sum. Four columns are always one vector; `swapped` makes the
 * spec's m the columns.
 *
 * Rows and columns past the edge are computed from whatever lies there and never stored: loads cannot
 * leave the buffer, and a row's garbage stays in its row.
 */

import { isFloat } from '../graph/dtype.ts';
import { divide, type Index, modulo } from '../index/index-expr.ts';
import { add, mul } from '../scalar/intrinsics.ts';
import type { Intrinsic } from '../scalar/scalar.ts';
import type { Schedule } from '../schedule/schedule.ts';
import { placeOf } from './axes.ts';
import { type Place, placed, splat, vectorIndex, vectorPlace } from './emit-value.ts';
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

/** Whether the lines that the spec reduces over run across the product's columns, or else down its rows. */
export const linesAcross = (spec: ContractSpec, p: Product): boolean =>
  spec.lines !== undefined && p.columns === spec.contraction[spec.lines.over];

/** Whether each line that the spec reduces over is held whole by one invocation; down the rows it holds four side by side. */
export function holdsLines(spec: ContractSpec, s: ContractSchedule): boolean {
  if (spec.lines === undefined) return true;
  const p = productOf(spec, s.swapped);
  if (!linesAcross(spec, p))
    return (s.variant === 'direct' || s.variant === 'subgroup') && s.rows >= p.rowCount;
  return (s.variant === 'direct' || s.variant === 'team') && 4 * s.columns >= p.columnCount;
}

/** Rows and columns of the blocks that the spec reduces over. */
export const blockSides = (
  { blocks }: ContractSpec,
  { swapped }: Pick<ContractSchedule, 'swapped'>,
): readonly [rows: number, columns: number] => {
  const { m, n } = blocks ?? { m: 1, n: 1 };
  return swapped ? [n, m] : [m, n];
};

/** Whether each block that the spec reduces over is held whole by one invocation, in vectors one below the other. */
export function holdsBlocks(spec: ContractSpec, s: ContractSchedule): boolean {
  if (spec.blocks === undefined) return true;
  const [rows, columns] = blockSides(spec, s);
  return s.rows % rows === 0 && columns === 4;
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

/** a·b + c. Floats say so in one word: a device that has the instruction takes it, and SwiftShader's is faster than the two. */
const multiplyAdd: Intrinsic = {
  name: 'multiply-add',
  arity: 3,
  domain: 'num',
  result: 'same',
  cost: 1,
  js: ([a = 0, b = 0, c = 0], dtype) => add.js([mul.js([a, b], dtype), c], dtype),
  wgsl: ([a, b, c], { dtype }) =>
    isFloat(dtype) ? `fma(${a}, ${b}, ${c})` : `(${c} + ${a} * ${b})`,
};

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
      if (r === undefined) return;
      const args = [splat(l), splat(r), sum];
      b.assign(sum, { kind: 'apply', fn: multiplyAdd, args, type: sum.type });
    });
  });
}
