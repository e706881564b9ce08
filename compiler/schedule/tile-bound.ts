/**
 * What a tile of a contraction takes at least, told without lowering it: the products and the loads of its operands,
 * and the text that these become. Most tiles cannot be the best by that alone.
 */
import {
  type ContractSchedule,
  type ContractSpec,
  type Product,
  productOf,
} from '../kernel/contraction-tile.ts';
import { sharedTileSides } from '../kernel/lower-contract-shared.ts';
import type { Axis } from '../kernel/spec.ts';
import { type Value, valuesBelow } from '../kernel/value.ts';
import type { Work } from './count-work.ts';
import type { DeviceProfile } from './device.ts';
import { type Grid, leastTime } from './estimate.ts';

/** An orientation of the product, with the loads of its operands that no lowering shares between depths or lines. */
interface Side {
  readonly p: Product;
  readonly left: number;
  readonly right: number;
}

/** Microseconds; `bytes`: what comes from memory. */
export function tileBound(
  spec: ContractSpec,
  device: DeviceProfile,
  bytes: (s: ContractSchedule) => number,
): (s: ContractSchedule) => number {
  const [plain, swapped] = [false, true].map((across): Side => {
    const p = productOf(spec, across);
    return {
      p,
      left: ownLoads(p.left, p.depth, p.rows),
      right: ownLoads(p.right, p.depth, p.columns),
    };
  });
  return (s) => {
    const side = s.swapped ? swapped : plain;
    return side === undefined ? 0 : leastTime(workOf(side, s), gridOf(side.p, s), bytes(s), device);
  };
}

/** Loads of an operand that differ from depth to depth and from line to line: no lowering makes fewer. */
function ownLoads(value: Value, depth: readonly Axis[], lines: readonly Axis[]): number {
  const uses = (v: Value, axes: readonly Axis[]): boolean => axes.some((a) => v.uses.has(a.name));
  return valuesBelow([value]).filter(
    (v) => v.kind === 'load' && uses(v, depth) && (lines.length === 0 || uses(v, lines)),
  ).length;
}

/** Products of all sums over the whole depth; loads of an invocation's own, at four elements each. */
function workOf({ p, left, right }: Side, s: ContractSchedule): Partial<Work> {
  const sums = s.rows * s.columns;
  switch (s.variant) {
    case 'direct':
    case 'subgroup': {
      const lanes = s.variant === 'subgroup' ? s.workgroup : 1;
      const rows = Math.min(s.rows, p.rowCount);
      const columns = Math.min(4 * s.columns, p.columnCount);
      const loads = ((left * rows) / lanes + right * columns) / 4;
      const trips = Math.floor(p.depthCount / s.depth);
      const rest = p.depthCount - trips * s.depth;
      return {
        wide: loads * p.depthCount,
        operations: 4 * sums * p.depthCount,
        // Each sum is declared, and added to at each depth of the text.
        statements: sums * (1 + (trips > 0 ? s.depth : 0) + rest),
        // Addresses in a loop have its counter in them.
        sites: trips > 1 ? loads * s.depth : 0,
      };
    }
    case 'team':
      return {
        operations: 4 * sums * Math.floor(p.depthCount / s.workgroup),
        statements: 2 * sums,
      };
    case 'shared':
      return {
        operations: 4 * sums * p.depthCount,
        shared: (4 * s.columns + s.rows) * p.depthCount,
        statements: 2 * sums,
      };
  }
}

function gridOf(p: Product, s: ContractSchedule): Grid {
  const { workgroup } = s;
  const lanes = s.variant === 'subgroup' ? workgroup : 1;
  const [rows, columns] =
    s.variant === 'shared' ? sharedTileSides(s) : [s.rows, 4 * s.columns * lanes];
  const tiles = p.batchCount * Math.ceil(p.rowCount / rows) * Math.ceil(p.columnCount / columns);
  return { workgroup, workgroups: s.variant === 'direct' ? Math.ceil(tiles / workgroup) : tiles };
}
