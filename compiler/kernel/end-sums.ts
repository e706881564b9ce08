/** How a tile of sums ends: each line with what is reduced over it, or each sum of four by itself. */
import type { Index } from '../index/index-expr.ts';
import { emitEpilogue } from './contraction-epilogue.ts';
import { endLine } from './contraction-lines.ts';
import type { ContractSpec, Product, Sums } from './contraction-tile.ts';
import type { Expr } from './ir.ts';
import type { KernelBuilder } from './kernel-builder.ts';

/** Ends all sums of a tile. */
export function endSums(
  b: KernelBuilder,
  spec: ContractSpec,
  p: Product,
  sums: Sums,
  place: (i: number, j: number) => { batch: Index; row: Index; column: Index },
  physical: ReadonlyMap<string, Expr>,
): void {
  sums.forEach((line, i) => {
    if (spec.lines !== undefined) {
      endLine(b, spec, p, { ...place(i, 0), sums: line }, physical);
      return;
    }
    line.forEach((sum, j) => {
      emitEpilogue(b, spec, p, place(i, j), new Map([[0, sum]]), physical);
    });
  });
}
