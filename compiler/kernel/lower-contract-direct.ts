/**
 * Contraction in registers alone: an invocation computes `rows` × 4·`columns` elements and reads its
 * operands straight from memory. Right for every shape; the default for software adapters without
 * subgroups and for thin products.
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
import { boolean, type Expr, type KernelIr, name, u32, u32Literal } from './ir.ts';
import { type BuilderOptions, KernelBuilder } from './kernel-builder.ts';
import { ownBlock } from './operand-block.ts';

export function lowerContractDirect(
  spec: ContractSpec,
  s: ContractSchedule,
  options: BuilderOptions,
): KernelIr {
  const b = new KernelBuilder(spec, options);
  const p = productOf(spec, s.swapped);
  const grid = tileGrid(p, s.rows, 4 * s.columns);
  const workgroups = Math.ceil(grid.count / s.workgroup);
  const gid = name('gid', u32);
  if (workgroups * s.workgroup !== grid.count)
    b.push({
      kind: 'return-unless',
      condition: { kind: 'within', bounds: [{ index: gid, size: grid.count }], type: boolean },
    });
  const tile = tileAt(grid, variable('g', grid.count));
  const physical = new Map<string, Expr>([['g', grid.count === 1 ? u32Literal(0) : gid]]);
  const firstRow = scale(tile.row, s.rows);
  const firstColumn = scale(tile.column, 4 * s.columns);
  // One tile across: its overhang need not be loaded, and the block is all the columns there are.
  const columns = grid.columnTiles === 1 ? p.columnCount : 4 * s.columns;
  const sums = startSums(b, spec, s);
  loopOverDepth(b, p, tile.batch, s.depth, physical, (trip, at) => {
    const left = ownBlock(b, trip.rows(firstRow, s.rows), at);
    const right = ownBlock(b, trip.columns(firstColumn, columns), at);
    for (const u of range(trip.depths))
      addProducts(
        b,
        sums,
        (i) => left.element(i, u),
        range(s.columns).map((j) => right.quad(4 * j, u)),
      );
  });
  const place = (i: Index, j: number) => ({
    batch: tile.batch,
    row: add(firstRow, i),
    column: addConstant(firstColumn, 4 * j),
  });
  endSums(b, spec, p, sums, place, physical);
  return b.finish(s.workgroup, workgroups);
}
