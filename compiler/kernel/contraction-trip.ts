/**
 * A trip of a contraction's loop: from a depth on so many depths, and the blocks of both operands there. Lowerings
 * say which rows and columns they want of it, and how the lanes come to them.
 */
import { add, constant, type Index, remember, scale, variable } from '../index/index-expr.ts';
import { placeOf } from './axes.ts';
import type { Product } from './contraction-tile.ts';
import type { Expr } from './ir.ts';
import type { KernelBuilder } from './kernel-builder.ts';
import type { Block } from './operand-block.ts';
import type { Axis } from './spec.ts';
import type { Value } from './value.ts';

export interface Trip {
  readonly depths: number;
  /** So many rows of the left operand. */
  rows(first: Index, count: number): Block;
  /** So many columns of the right operand. */
  columns(first: Index, count: number): Block;
}

export function tripAt(p: Product, batch: Index, firstDepth: Index, depths: number): Trip {
  const batchPlace = placeOf(p.batch, batch);
  const depthPlace = remember((depth) => placeOf(p.depth, add(firstDepth, depth)));
  // A block is asked for its places many times over, in one order and in another.
  const block = (value: Value, axes: readonly Axis[], first: Index, lines: number): Block => {
    const at = remember((line) => {
      const here = [...batchPlace, ...placeOf(axes, add(first, line))];
      return remember((depth) => new Map([...here, ...depthPlace(depth)]));
    });
    return { value, lines, depths, at: (line, depth) => at(line)(depth) };
  };
  return {
    depths,
    rows: (first, count) => block(p.left, p.rows, first, count),
    columns: (first, count) => block(p.right, p.columns, first, count),
  };
}

/** The whole depth, `depths` a trip; what that does not divide comes after the loop. `physical` knows the loop's counter in it. */
export function loopOverDepth(
  b: KernelBuilder,
  p: Product,
  batch: Index,
  depths: number,
  physical: ReadonlyMap<string, Expr>,
  body: (trip: Trip, physical: ReadonlyMap<string, Expr>) => void,
): void {
  const trips = Math.floor(p.depthCount / depths);
  b.loop(
    't',
    trips,
    (counter) => {
      const first = scale(variable('t', trips), depths);
      body(tripAt(p, batch, first, depths), new Map([...physical, ['t', counter]]));
    },
    'large',
  );
  const rest = p.depthCount - trips * depths;
  if (rest > 0) body(tripAt(p, batch, constant(trips * depths), rest), physical);
}
