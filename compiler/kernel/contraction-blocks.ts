/**
 * What is reduced over blocks of a product, in the registers of the invocation that holds them: the norm of a weight's
 * gradient is on its way to memory with the gradient itself, which need not be read again for it.
 */
import { addConstant, constant, type Index } from '../index/index-expr.ts';
import { InternalError } from '../internal-error.ts';
import { merge } from './accumulate.ts';
import { whenInside, withinProduct } from './contraction-epilogue.ts';
import { type ContractSpec, type Product, pointOf, range } from './contraction-tile.ts';
import { component, emitStore, emitValue, scalarPlace, splat, vectorPlace } from './emit-value.ts';
import type { Expr } from './ir.ts';
import type { KernelBuilder } from './kernel-builder.ts';
import type { Reduction } from './spec.ts';

/** Where a vector of sums lies: its row, and the first of its four columns. */
type VectorPlace = (i: Index) => { batch: Index; row: Index; column: Index };

/** Reduces and stores the blocks of a column of vectors. */
export function endBlocks(
  b: KernelBuilder,
  spec: ContractSpec,
  p: Product,
  sums: readonly Expr[],
  place: VectorPlace,
  physical: ReadonlyMap<string, Expr>,
): void {
  const { blocks } = spec;
  if (blocks === undefined) return;
  const [rows, columns] =
    p.columns === spec.contraction.n ? [blocks.m, blocks.n] : [blocks.n, blocks.m];
  if (columns !== 4 || sums.length % rows !== 0)
    throw new InternalError('lower', 'a block that is not whole');
  for (const block of range(sums.length / rows)) {
    const totals = new Map<number, Expr>();
    blocks.reductions.forEach((r, number) => {
      const vectors = range(rows).map((i) => {
        const at = place(constant(block * rows + i));
        const sum = sums[block * rows + i];
        if (sum === undefined) throw new InternalError('lower', 'a tile without its sums');
        const vars = (lane: number): ReadonlyMap<string, Index> =>
          pointOf(p, { ...at, column: addConstant(at.column, lane) });
        return splat(emitValue(b, r.body, vectorPlace(vars, physical, new Map([[0, sum]]))));
      });
      totals.set(number + 1, total(b, r, vectors));
    });
    const first = place(constant(block * rows));
    const at = scalarPlace(pointOf(p, first), physical, totals);
    const stores = spec.stores
      .filter((s) => s.over === 'block')
      .map((s) => ({ ...s, emitted: emitValue(b, s.value, at) }));
    const bounds = [
      { index: first.row, size: p.rowCount },
      { index: first.column, size: p.columnCount },
    ];
    whenInside(b, withinProduct(b, bounds, physical), () => {
      for (const s of stores) emitStore(b, s.operand, s.index, s.emitted, at);
    });
  }
}

/** All lanes of all vectors. */
function total(b: KernelBuilder, { combine }: Reduction, vectors: readonly Expr[]): Expr {
  const fold = (values: readonly Expr[]): Expr =>
    values.reduce((sum, value) => b.bind(merge(combine, sum, value), 'block'));
  const vector = fold(vectors);
  return fold([0, 1, 2, 3].map((lane) => component(vector, lane)));
}
