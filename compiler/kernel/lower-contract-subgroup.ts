/**
 * Contraction by one subgroup a workgroup, for software adapters: lanes load different vectors of the
 * left operand's block and spread them with subgroupBroadcast, so that each load feeds many
 * multiply-adds; every lane holds `rows` × 4·`columns` sums. No workgroup memory, no barrier. Any
 * number of rows fits, so that a product with few columns runs swapped: its columns are the rows here, all
 * sums of one of its rows lie in one lane.
 */
import { add, addConstant, type Index, scale, variable } from '../index/index-expr.ts';
import {
  addProducts,
  type ContractSchedule,
  type ContractSpec,
  productOf,
  range,
  startSums,
  tileAt,
  tileGrid,
} from './contraction-tile.ts';
import { loopOverDepth } from './contraction-trip.ts';
import { endSums } from './end-sums.ts';
import { type Expr, type KernelIr, name, u32, u32Literal } from './ir.ts';
import { type BuilderOptions, KernelBuilder } from './kernel-builder.ts';
import { ownBlock, spreadBlock } from './operand-block.ts';

export function lowerContractSubgroup(
  spec: ContractSpec,
  s: ContractSchedule,
  options: BuilderOptions,
): KernelIr {
  const b = new KernelBuilder(spec, options);
  const p = productOf(spec, s.swapped);
  const lanes = s.workgroup;
  const grid = tileGrid(p, s.rows, 4 * lanes * s.columns);
  const tile = tileAt(grid, variable('g', grid.count));
  const lane = variable('lane', lanes);
  const physical = new Map<string, Expr>([
    ['g', grid.count === 1 ? u32Literal(0) : name('wg', u32)],
    ['lane', lanes === 1 ? u32Literal(0) : name('lane', u32)],
  ]);
  const firstRow = scale(tile.row, s.rows);
  const column = (j: number): Index =>
    scale(add(addConstant(scale(tile.column, lanes * s.columns), j * lanes), lane), 4);
  const sums = startSums(b, spec, s);
  loopOverDepth(b, p, tile.batch, s.depth, physical, (trip, at) => {
    const left = spreadBlock(b, trip.rows(firstRow, s.rows), lanes, at);
    const right = range(s.columns).map((j) => ownBlock(b, trip.columns(column(j), 4), at));
    for (const u of range(trip.depths))
      addProducts(
        b,
        sums,
        (i) => left(i, u),
        right.map((r) => r.quad(0, u)),
      );
  });
  const place = (i: Index, j: number) => ({
    batch: tile.batch,
    row: add(firstRow, i),
    column: column(j),
  });
  endSums(b, spec, p, sums, place, physical);
  return b.finish(lanes, grid.count);
}
