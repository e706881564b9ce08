/**
 * A trip of a contraction's loop: from a depth on so many depths, and the blocks of both operands there. Lowerings
 * say which rows and columns they want of it, and how the lanes come to them.
 */
import { add, constant, type Index, scale, variable } from '../index/index-expr.ts';
import { type Product, pointOf } from './contraction-tile.ts';
import type { Expr } from './ir.ts';
import type { KernelBuilder } from './kernel-builder.ts';
import type { Block } from './operand-block.ts';

export interface Trip {
  readonly depths: number;
  /** What the variables of its indices are called here. */
  readonly physical: ReadonlyMap<string, Expr>;
  /** So many rows of the left operand. */
  rows(first: Index, count: number): Block;
  /** So many columns of the right operand. */
  columns(first: Index, count: number): Block;
}

export function tripAt(
  p: Product,
  batch: Index,
  firstDepth: Index,
  depths: number,
  physical: ReadonlyMap<string, Expr>,
): Trip {
  return {
    depths,
    physical,
    rows: (first, lines) => ({
      value: p.left,
      lines,
      depths,
      at: (line, depth) =>
        pointOf(p, { batch, row: add(first, line), depth: add(firstDepth, depth) }),
    }),
    columns: (first, lines) => ({
      value: p.right,
      lines,
      depths,
      at: (line, depth) =>
        pointOf(p, { batch, column: add(first, line), depth: add(firstDepth, depth) }),
    }),
  };
}

/** The whole depth, `depths` a trip; what that does not divide comes after the loop. */
export function loopOverDepth(
  b: KernelBuilder,
  p: Product,
  batch: Index,
  depths: number,
  physical: ReadonlyMap<string, Expr>,
  body: (trip: Trip) => void,
): void {
  const trips = Math.floor(p.depthCount / depths);
  b.loop(
    't',
    trips,
    (counter) => {
      const first = scale(variable('t', trips), depths);
      body(tripAt(p, batch, first, depths, new Map([...physical, ['t', counter]])));
    },
    'large',
  );
  const rest = p.depthCount - trips * depths;
  if (rest > 0) body(tripAt(p, batch, constant(trips * depths), rest, physical));
}
