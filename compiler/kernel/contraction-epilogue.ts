/** How one sum of four ends: values first, then stores, masked at the edges of the product. */
import { addConstant, type Index } from '../index/index-expr.ts';
import { type ContractSpec, type Product, pointOf } from './contraction-tile.ts';
import {
  component,
  emitIndex,
  emitValue,
  placed,
  splat,
  vectorIndex,
  vectorPlace,
} from './emit-value.ts';
import { boolean, type Expr, literal } from './ir.ts';
import type { KernelBuilder } from './kernel-builder.ts';

/** Runs where the condition holds; one that is known costs nothing. */
export function whenInside(b: KernelBuilder, condition: Expr, body: () => void): void {
  if (condition.kind !== 'literal') b.when(condition, body);
  else if (condition.value !== 0) body();
}

/** Whether a place lies inside the product; a literal where that is known. */
export function withinProduct(
  b: KernelBuilder,
  bounds: readonly { readonly index: Index; readonly size: number }[],
  physical: ReadonlyMap<string, Expr>,
): Expr {
  if (bounds.some((g) => g.index.lo >= g.size)) return literal(0, boolean);
  const open = bounds.filter((g) => g.index.hi >= g.size);
  return open.length === 0
    ? literal(1, boolean)
    : b.bind({
        kind: 'within',
        bounds: open.map((g) => ({ index: emitIndex(b, g.index, { physical }), size: g.size })),
        type: boolean,
      });
}

/** Ends one sum of four: values first, then stores, masked at the edges. */
export function emitEpilogue(
  b: KernelBuilder,
  spec: ContractSpec,
  p: Product,
  at: { batch: Index; row: Index; column: Index },
  reduced: ReadonlyMap<number, Expr>,
  physical: ReadonlyMap<string, Expr>,
): void {
  const vars = (lane: number) => pointOf(p, { ...at, column: addConstant(at.column, lane) });
  const place = vectorPlace(vars, physical, reduced);
  const memo = new Map();
  const stores = spec.stores.filter((s) => s.over === 'full');
  const values = stores.map((s) => emitValue(b, s.value, place, memo));
  const inside = (row: Index, column: Index): Expr =>
    withinProduct(
      b,
      [
        { index: row, size: p.rowCount },
        { index: column, size: p.columnCount },
      ],
      physical,
    );
  stores.forEach((s, i) => {
    const value = values[i];
    if (value === undefined) return;
    const lanes = place.lanes.map((_, lane) => placed(s.index, place, lane));
    // A group that reaches past the last column would write into the next row.
    const vector = p.columnCount % 4 === 0 ? vectorIndex(lanes) : undefined;
    if (vector !== undefined) {
      const index = emitIndex(b, vector, place);
      whenInside(b, inside(at.row, at.column), () => b.store(s.operand, index, splat(value)));
      return;
    }
    lanes.forEach((l, lane) => {
      const index = emitIndex(b, l, place);
      whenInside(b, inside(at.row, addConstant(at.column, lane)), () =>
        b.store(s.operand, index, component(splat(value), lane)),
      );
    });
  });
}
