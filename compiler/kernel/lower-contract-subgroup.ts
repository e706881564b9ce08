/**
 * Contraction by one subgroup a workgroup, for software adapters: lanes load different vectors of the
 * left operand and spread them with subgroupBroadcast, so that each load feeds many multiply-adds.
 * No workgroup memory, no barrier. Needs a depth that four divides and `rows` a multiple of the lanes.
 */
import {
  add,
  addConstant,
  divide,
  type Index,
  modulo,
  scale,
  variable,
} from '../index/index-expr.ts';
import { InternalError } from '../internal-error.ts';
import {
  addProducts,
  type ContractSchedule,
  type ContractSpec,
  emitRight,
  type Product,
  pointOf,
  productOf,
  range,
  startSums,
  tileAt,
  tileGrid,
  vectorScore,
} from './contraction-tile.ts';
import { component, emitValue, splat, vectorPlace } from './emit-value.ts';
import { endSums } from './end-sums.ts';
import { type Expr, type KernelIr, name, u32, u32Literal } from './ir.ts';
import { type BuilderOptions, KernelBuilder } from './kernel-builder.ts';

export function lowerContractSubgroup(
  spec: ContractSpec,
  s: ContractSchedule,
  options: BuilderOptions,
): KernelIr {
  const b = new KernelBuilder(spec, options);
  const p = productOf(spec, s.swapped);
  const lanes = s.workgroup;
  if (p.depthCount % 4 !== 0 || s.rows % lanes !== 0)
    throw new InternalError('lower', 'this product does not fit the subgroup tile');
  const grid = tileGrid(p, s.rows, 4 * lanes * s.columns);
  const tile = tileAt(grid, variable('g', grid.count));
  const lane = variable('lane', lanes);
  const physical = new Map<string, Expr>([
    ['g', grid.count === 1 ? u32Literal(0) : name('wg', u32)],
    ['lane', name('lane', u32)],
  ]);
  const firstRow = scale(tile.row, s.rows);
  const column = (j: number): Index =>
    scale(add(addConstant(scale(tile.column, lanes * s.columns), j * lanes), lane), 4);
  const sums = startSums(b, spec, s);
  const steps = p.depthCount / 4;
  b.loop('t', steps, (counter) => {
    const at = new Map([...physical, ['t', counter] as const]);
    const step = variable('t', steps);
    const place = { batch: tile.batch, firstRow, step, lane };
    const left = emitSpreadLeft(b, p, place, s.rows, lanes, at);
    const right = range(s.columns).map((j) => emitRight(b, p, tile.batch, step, column(j), at));
    for (const u of range(4))
      addProducts(
        b,
        sums,
        (i) => left(i, u),
        right.map((r) => r(u)),
      );
  });
  const place = (i: number, j: number) => ({
    batch: tile.batch,
    row: addConstant(firstRow, i),
    column: column(j),
  });
  endSums(b, spec, p, sums, place, physical);
  return b.finish(lanes, grid.count);
}

/** Element (row i, depth 4·step+u) of the left operand, held by some lane and spread to all. */
function emitSpreadLeft(
  b: KernelBuilder,
  p: Product,
  at: { batch: Index; firstRow: Index; step: Index; lane: Index },
  rows: number,
  lanes: number,
  physical: ReadonlyMap<string, Expr>,
): (i: number, u: number) => Expr {
  const { batch, firstRow, step, lane } = at;
  const first = scale(step, 4);
  const held = rows / lanes;
  const alongDepth = (h: number) => (c: number) =>
    pointOf(p, {
      batch,
      row: addConstant(add(firstRow, lane), h * lanes),
      depth: addConstant(first, c),
    });
  // Vector number `lane + h·lanes` of the tile, counted along the rows, then along the depth.
  const quads = rows / 4;
  const alongRows = (h: number) => (c: number) => {
    const number = addConstant(lane, h * lanes);
    return pointOf(p, {
      batch,
      row: addConstant(add(firstRow, scale(modulo(number, quads), 4)), c),
      depth: add(first, divide(number, quads)),
    });
  };
  const byRows = vectorScore(p.left, alongRows(0)) > vectorScore(p.left, alongDepth(0));
  const vectors = range(held).map((h) =>
    splat(emitValue(b, p.left, vectorPlace(byRows ? alongRows(h) : alongDepth(h), physical))),
  );
  const element = (number: number): { vector: Expr; lane: number; component: number } => {
    const v = number >> 2;
    return {
      vector: vectors[Math.floor(v / lanes)] ?? u32Literal(0),
      lane: v % lanes,
      component: number & 3,
    };
  };
  return (i, u) => {
    const e = byRows
      ? element(u * rows + i)
      : { vector: vectors[Math.floor(i / lanes)] ?? u32Literal(0), lane: i % lanes, component: u };
    return b.broadcast(component(e.vector, e.component), e.lane);
  };
}
