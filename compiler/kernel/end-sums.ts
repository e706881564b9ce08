/** How a tile of sums ends: what is reduced over its lines first, then its elements, four at a time. */
import { addConstant, type Index } from '../index/index-expr.ts';
import { emitEpilogue, type Quad, storesFallApart } from './contraction-epilogue.ts';
import { endLine, endLinesDown } from './contraction-lines.ts';
import {
  type ContractSpec,
  linesAcross,
  type Product,
  range,
  type Sums,
} from './contraction-tile.ts';
import { component } from './emit-value.ts';
import type { Expr } from './ir.ts';
import type { KernelBuilder } from './kernel-builder.ts';

/** Where sum (i, j) of a tile lies: its row, and the first of its four columns. */
type SumPlace = (i: number, j: number) => { batch: Index; row: Index; column: Index };

/** Ends all sums of a tile. */
export function endSums(
  b: KernelBuilder,
  spec: ContractSpec,
  p: Product,
  sums: Sums,
  place: SumPlace,
  physical: ReadonlyMap<string, Expr>,
): void {
  if (spec.lines !== undefined && linesAcross(spec, p)) {
    sums.forEach((line, i) => {
      endLine(b, spec, p, { ...place(i, 0), sums: line }, physical);
    });
    return;
  }
  const groups = sums[0]?.length ?? 0;
  for (const j of range(groups)) {
    const column = sums.flatMap((line) => line[j] ?? []);
    const at = (i: number) => place(i, j);
    const lines = endLinesDown(b, spec, p, { sums: column, place: at }, physical);
    for (const quad of quadsOf(b, spec, p, column, at, lines.totals))
      emitEpilogue(b, spec, p, quad, 'full', physical)();
    lines.store();
  }
}

/** The order in which stores are vectors, if there is one. The first few quads tell: the others lie alike. */
function quadsOf(
  b: KernelBuilder,
  spec: ContractSpec,
  p: Product,
  sums: readonly Expr[],
  place: (i: number) => ReturnType<SumPlace>,
  totals: ReadonlyMap<number, Expr>,
): readonly Quad[] {
  const across = quadsAcross(sums, place, totals);
  const whole = [across, quadsDown(b, sums, place, totals)];
  return (
    whole.find((quads) => !quads.slice(0, 5).some((q) => storesFallApart(spec, p, q))) ?? across
  );
}

/** The sums as they are held: four columns of a row. */
const quadsAcross = (
  sums: readonly Expr[],
  place: (i: number) => ReturnType<SumPlace>,
  totals: ReadonlyMap<number, Expr>,
): readonly Quad[] =>
  sums.map((sum, i): Quad => {
    const { batch, row, column } = place(i);
    return {
      batch,
      at: (lane) => ({ row, column: addConstant(column, lane) }),
      reduced: () => new Map([...totals, [0, sum]]),
    };
  });

/** Column after column: consecutive where the result's rows are (a swapped product), and across columns where the tile has all rows. */
function quadsDown(
  b: KernelBuilder,
  sums: readonly Expr[],
  place: (i: number) => ReturnType<SumPlace>,
  totals: ReadonlyMap<number, Expr>,
): readonly Quad[] {
  const rows = sums.length;
  return range(rows).map((v): Quad => {
    const elements = range(4).map((lane) => ({
      i: (4 * v + lane) % rows,
      c: Math.floor((4 * v + lane) / rows),
    }));
    const gathered = (of: (i: number) => Expr | undefined): Expr | undefined => {
      const parts = elements.flatMap(({ i, c }) => {
        const e = of(i);
        return e === undefined ? [] : [component(e, c)];
      });
      const [first] = parts;
      if (first === undefined) return undefined;
      return b.bind({ kind: 'compose', parts, type: { dtype: first.type.dtype, width: 4 } });
    };
    return {
      batch: place(0).batch,
      at(lane) {
        const { i = 0, c = 0 } = elements[lane] ?? {};
        const { row, column } = place(i);
        return { row, column: addConstant(column, c) };
      },
      reduced() {
        const all: [number, Expr | undefined][] = [...totals].map(([n, e]) => [
          n,
          gathered(() => e),
        ]);
        all.push([0, gathered((i) => sums[i])]);
        return new Map(all.flatMap(([n, e]) => (e === undefined ? [] : [[n, e] as const])));
      },
    };
  });
}
