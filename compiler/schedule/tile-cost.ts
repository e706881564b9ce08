/** How much text a contraction's tile becomes, and whether a shader compiler takes that. */
import { addConstant, constant, scale, variable } from '../index/index-expr.ts';
import { type ContractSpec, type Product, pointOf } from '../kernel/contraction-tile.ts';
import { tripAt } from '../kernel/contraction-trip.ts';
import { sharedTileSides } from '../kernel/lower-contract-shared.ts';
import { type Block, blockVectors } from '../kernel/operand-block.ts';
import { emissionCost, STATEMENT_BUDGET } from './emission-cost.ts';
import type { ScheduleOf } from './family.ts';

type ContractSchedule = ScheduleOf<'contract'>;

const zero = constant(0);
const four = [0, 1, 2, 3] as const;

/** The loop is what compilers choke on, since its values are alive at once; those of an epilogue live for a line. */
export function fits(spec: ContractSpec, p: Product, s: ContractSchedule): boolean {
  const { loop, epilogue } = tileCost(spec, p, s);
  return loop <= STATEMENT_BUDGET && loop + epilogue <= 3 * STATEMENT_BUDGET;
}

/** Statements of the loop (both operands of one trip, the multiply-adds) and of the epilogue. */
export function tileCost(
  spec: ContractSpec,
  p: Product,
  s: ContractSchedule,
): { loop: number; epilogue: number } {
  const trip = scale(variable('trip', Math.ceil(p.depthCount / s.depth)), s.depth);
  const row = variable('row', Math.max(2, Math.ceil(p.rowCount / s.rows)));
  const column = scale(variable('column', Math.max(2, Math.ceil(p.columnCount / 4))), 4);
  const cost = (block: Block, lanes?: number): number =>
    blockVectors(block, lanes).reduce(
      (sum, places) => sum + emissionCost([block.value], places),
      0,
    );
  const left = (rows: number, depths: number, lanes?: number): number =>
    cost(tripAt(p, zero, trip, depths).rows(scale(row, rows), rows), lanes);
  const right = (columns: number, depths: number): number =>
    cost(tripAt(p, zero, trip, depths).columns(column, columns));
  const stores = emissionCost(
    spec.stores.map((x) => x.value),
    four.map((c) => pointOf(p, { batch: zero, row, column: addConstant(column, c) })),
  );
  const epilogue =
    s.rows * s.columns * (stores + spec.stores.length * (p.columnCount % 4 === 0 ? 2 : 9));
  const products = s.rows * s.columns * s.depth;
  switch (s.variant) {
    case 'direct': {
      const columns = Math.min(4 * s.columns, p.columnCount);
      return { loop: left(s.rows, s.depth) + right(columns, s.depth) + products, epilogue };
    }
    case 'subgroup': {
      const loads = left(s.rows, s.depth, s.workgroup) + s.columns * right(4, s.depth);
      return { loop: loads + products, epilogue };
    }
    case 'team':
      return { loop: left(s.rows, 1) + right(4 * s.columns, 1) + products, epilogue };
    case 'shared': {
      const pieces = sharedTileSides(s).map((side) => (side * s.depth) / 16 / s.workgroup);
      const [down = 1, across = 1] = pieces.map((n) => Math.ceil(n));
      return { loop: down * left(4, 4) + across * right(4, 4) + products / s.depth, epilogue };
    }
  }
}
