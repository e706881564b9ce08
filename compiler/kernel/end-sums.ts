/** How a tile of sums ends: what is reduced over its lines first, then its elements, four at a time. */
import {
  add,
  addConstant,
  constant,
  divide,
  type Index,
  modulo,
  remember,
  scale,
  variable,
} from '../index/index-expr.ts';
import { endBlocks } from './contraction-blocks.ts';
import {
  emitEpilogue,
  type QuadPlace,
  quadPlace,
  storesFallApart,
} from './contraction-epilogue.ts';
import { endLine, endLinesDown } from './contraction-lines.ts';
import {
  type ContractSpec,
  linesAcross,
  type Product,
  range,
  type Sums,
} from './contraction-tile.ts';
import { component } from './emit-value.ts';
import { type Expr, exprKey } from './ir.ts';
import type { KernelBuilder } from './kernel-builder.ts';

/** Where sum (i, j) of a tile lies: its row, and the first of its four columns. */
type SumPlace = (i: Index, j: number) => { batch: Index; row: Index; column: Index };

/** The quads that a column of sums ends as, by number: a constant, or a loop's counter. */
interface Quads {
  readonly count: number;
  at(number: Index): QuadPlace;
  /** What each has in place of the product and of what is reduced over its lines. */
  readonly reduced: readonly ReadonlyMap<number, Expr>[];
}

/** Fewer are written out: a loop would save nothing. */
const FEWEST_LOOPED = 4;

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
      endLine(b, spec, p, { ...place(constant(i), 0), sums: line }, physical);
    });
    return;
  }
  const groups = sums[0]?.length ?? 0;
  for (const j of range(groups)) {
    const column = sums.flatMap((line) => line[j] ?? []);
    const at = (i: Index) => place(i, j);
    const down = (i: number) => place(constant(i), j);
    endBlocks(b, spec, p, column, at, physical);
    const lines = endLinesDown(b, spec, p, { sums: column, place: down }, physical);
    endQuads(b, spec, p, quadsOf(b, spec, p, column, at, lines.totals), physical);
    lines.store();
  }
}

/**
 * Ends quads one after the other. Where the device's compiler takes long over text, they are a loop: the values of the quad
 * whose turn it is are always in the first variables, since each trip moves all of them up by one.
 * Measured on lavapipe, 16 quads: compiling took 0.3 s instead of 1.1 s with SGD, 0.4 s instead of 5.6 s
 * with Adam, and running as long as before.
 */
function endQuads(
  b: KernelBuilder,
  spec: ContractSpec,
  p: Product,
  quads: Quads,
  physical: ReadonlyMap<string, Expr>,
): void {
  const { count } = quads;
  const turn = variable('quad', count);
  const looped =
    b.compilesSlowly && count >= FEWEST_LOOPED && !storesFallApart(spec, p, quads.at(turn));
  if (!looped) {
    for (const [v, reduced] of quads.reduced.entries())
      emitEpilogue(b, spec, p, { place: quads.at(constant(v)), reduced }, 'full', physical)();
    return;
  }
  const fixed = new Map<number, Expr>();
  const turning = new Map<number, readonly Expr[]>();
  for (const [number, first] of quads.reduced[0] ?? []) {
    const values = quads.reduced.map((one) => one.get(number) ?? first);
    if (values.every((e) => exprKey(e) === exprKey(first))) fixed.set(number, first);
    else
      turning.set(
        number,
        values.map((e) => b.variable('end', e)),
      );
  }
  const body = (counter: Expr): void => {
    const now = new Map(fixed);
    // In a variable of the trip's own, so that nothing made of it is taken out of the loop.
    for (const [number, [first]] of turning)
      if (first !== undefined) now.set(number, b.variable('now', first));
    const here = new Map([...physical, ['quad', counter] as const]);
    emitEpilogue(b, spec, p, { place: quads.at(turn), reduced: now }, 'full', here)();
    for (const variables of turning.values())
      variables.slice(1).forEach((next, i) => {
        const target = variables[i];
        if (target !== undefined) b.assign(target, next);
      });
  };
  b.loop('quad', count, body, 'large');
}

/** The order in which stores are vectors, if there is one. The first few quads tell: the others lie alike. */
function quadsOf(
  b: KernelBuilder,
  spec: ContractSpec,
  p: Product,
  sums: readonly Expr[],
  place: (i: Index) => ReturnType<SumPlace>,
  totals: ReadonlyMap<number, Expr>,
): Quads {
  const across = quadsAcross(p, sums, place, totals);
  const whole = (quads: Omit<Quads, 'reduced'>): boolean =>
    range(Math.min(5, quads.count)).every((v) => !storesFallApart(spec, p, quads.at(constant(v))));
  if (whole(across)) return across;
  const down = quadsDown(p, sums, place);
  return whole(down) ? { ...down, reduced: gatheredDown(b, sums, totals) } : across;
}

/** The sums as they are held: four columns of a row. */
const quadsAcross = (
  p: Product,
  sums: readonly Expr[],
  place: (i: Index) => ReturnType<SumPlace>,
  totals: ReadonlyMap<number, Expr>,
): Quads => ({
  count: sums.length,
  at: remember((number) => {
    const { batch, row, column } = place(number);
    return quadPlace(p, batch, (lane) => ({ row, column: addConstant(column, lane) }));
  }),
  reduced: sums.map((sum) => new Map([...totals, [0, sum]])),
});

/** Column after column: consecutive where the result's rows are (a swapped product), and across columns where the tile has all rows. */
const quadsDown = (
  p: Product,
  sums: readonly Expr[],
  place: (i: Index) => ReturnType<SumPlace>,
): Omit<Quads, 'reduced'> => ({
  count: sums.length,
  at: remember((number) =>
    quadPlace(p, place(number).batch, (lane) => {
      const element = addConstant(scale(number, 4), lane);
      const { row, column } = place(modulo(element, sums.length));
      return { row, column: add(column, divide(element, sums.length)) };
    }),
  ),
});

/** The elements of those quads, put together out of the lanes of the sums. */
function gatheredDown(
  b: KernelBuilder,
  sums: readonly Expr[],
  totals: ReadonlyMap<number, Expr>,
): readonly ReadonlyMap<number, Expr>[] {
  const rows = sums.length;
  return range(rows).map((v) => {
    const gathered = (of: (i: number) => Expr | undefined): Expr | undefined => {
      const parts = range(4).flatMap((lane) => {
        const e = of((4 * v + lane) % rows);
        return e === undefined ? [] : [component(e, Math.floor((4 * v + lane) / rows))];
      });
      const [first] = parts;
      if (first === undefined) return undefined;
      return b.bind({ kind: 'compose', parts, type: { dtype: first.type.dtype, width: 4 } });
    };
    const all: [number, Expr | undefined][] = [...totals].map(([n, e]) => [n, gathered(() => e)]);
    all.push([0, gathered((i) => sums[i])]);
    return new Map(all.flatMap(([n, e]) => (e === undefined ? [] : [[n, e] as const])));
  });
}
