/**
 * Contraction by a workgroup that shares the depth, for GPUs: every invocation sums each `workgroup`-th product
 * of the same few rows, a tree in workgroup memory adds the sums up, and the first invocation ends them. For
 * products of few elements and a long depth, and for lines that something is reduced over: an invocation
 * that held a line alone would leave the device idle.
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
import { tripAt } from './contraction-trip.ts';
import { endSums } from './end-sums.ts';
import { boolean, type Expr, type KernelIr, name, u32, u32Literal } from './ir.ts';
import { type BuilderOptions, KernelBuilder } from './kernel-builder.ts';
import { mergeInvocations } from './merge-invocations.ts';
import { ownBlock } from './operand-block.ts';

/** Bytes of workgroup memory for sums of four bytes: of each group of four columns a vector an invocation. */
export const teamBytes = (s: ContractSchedule): number => 16 * s.workgroup * s.rows * s.columns;

export function lowerContractTeam(
  spec: ContractSpec,
  s: ContractSchedule,
  options: BuilderOptions,
): KernelIr {
  const b = new KernelBuilder(spec, options);
  const p = productOf(spec, s.swapped);
  const grid = tileGrid(p, s.rows, 4 * s.columns);
  const tile = tileAt(grid, variable('g', grid.count));
  const lid = name('lid', u32);
  const physical = new Map<string, Expr>([
    ['g', grid.count === 1 ? u32Literal(0) : name('wg', u32)],
    ['l', lid],
  ]);
  const firstRow = scale(tile.row, s.rows);
  const firstColumn = scale(tile.column, 4 * s.columns);
  const { batch } = tile;
  const columns = grid.columnTiles === 1 ? p.columnCount : 4 * s.columns;
  const sums = startSums(b, spec, s);
  const addDepth = (depth: Index, at: ReadonlyMap<string, Expr>): void => {
    const trip = tripAt(p, batch, depth, 1);
    const left = ownBlock(b, trip.rows(firstRow, s.rows), at);
    const right = ownBlock(b, trip.columns(firstColumn, columns), at);
    addProducts(
      b,
      sums,
      (i) => left.element(i, 0),
      range(s.columns).map((j) => right.quad(4 * j, 0)),
    );
  };
  const steps = Math.floor(p.depthCount / s.workgroup);
  b.loop('t', steps, (counter) =>
    addDepth(
      add(scale(variable('t', steps), s.workgroup), variable('l', s.workgroup)),
      new Map([...physical, ['t', counter]]),
    ),
  );
  // What the invocations do not divide.
  const rest = p.depthCount - steps * s.workgroup;
  if (rest > 0)
    b.when(below(lid, rest), () =>
      addDepth(addConstant(variable('l', rest), steps * s.workgroup), physical),
    );
  const totals = sums.map((line) =>
    line.map((best) => mergeInvocations(b, { combine: 'sum', best }, s.workgroup)),
  );
  // The others may still be reading what is overwritten here.
  b.push({ kind: 'barrier' });
  b.when(below(lid, 1), () =>
    endSums(
      b,
      spec,
      p,
      totals,
      (i, j) => ({
        batch,
        row: add(firstRow, i),
        column: addConstant(firstColumn, 4 * j),
      }),
      physical,
    ),
  );
  return b.finish(s.workgroup, grid.count);
}

const below = (lid: Expr, size: number): Expr => ({
  kind: 'within',
  bounds: [{ index: lid, size }],
  type: boolean,
});
