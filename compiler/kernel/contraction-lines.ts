/**
 * What is reduced over a whole line of a product, in the registers of the invocation that holds the line:
 * from logits to softmax, loss and their gradient without going through memory.
 */
import { addConstant, constant, type Index } from '../index/index-expr.ts';
import { InternalError } from '../internal-error.ts';
import { gt, lt, select } from '../scalar/intrinsics.ts';
import { merge } from './accumulate.ts';
import {
  emitEpilogue,
  type Quad,
  quadPlace,
  whenInside,
  withinProduct,
} from './contraction-epilogue.ts';
import { type ContractSpec, type Product, pointOf } from './contraction-tile.ts';
import { component, emitStore, emitValue, scalarPlace, splat, vectorPlace } from './emit-value.ts';
import { boolean, type Expr, literal, type ValueType } from './ir.ts';
import type { KernelBuilder } from './kernel-builder.ts';
import type { Reduction } from './spec.ts';

interface Line {
  readonly batch: Index;
  readonly row: Index;
  /** Four columns each, from column 0. */
  readonly sums: readonly Expr[];
}

/** Ends a line: its reductions in order, then the stores of its elements, then its own. */
export function endLine(
  b: KernelBuilder,
  spec: ContractSpec,
  p: Product,
  line: Line,
  physical: ReadonlyMap<string, Expr>,
): void {
  if (4 * line.sums.length < p.columnCount)
    throw new InternalError('lower', 'a line that is not whole');
  const totals = new Map<number, Expr>();
  spec.lines?.reductions.forEach((r, i) => {
    totals.set(i + 1, reduceLine(b, p, line, r, totals, physical));
  });
  const at = scalarPlace(pointOf(p, { batch: line.batch, row: line.row }), physical, totals);
  const stores = spec.stores
    .filter((s) => s.over === 'row')
    .map((s) => ({ ...s, emitted: emitValue(b, s.value, at) }));
  line.sums.forEach((sum, j) => {
    const at = (lane: number) => ({ row: line.row, column: addConstant(columnOf(j), lane) });
    const quad: Quad = {
      place: quadPlace(p, line.batch, at),
      reduced: new Map([...totals, [0, sum]]),
    };
    emitEpilogue(b, spec, p, quad, 'full', physical)();
  });
  if (stores.length === 0) return;
  whenInside(b, withinProduct(b, [{ index: line.row, size: p.rowCount }], physical), () => {
    for (const s of stores) emitStore(b, s.operand, s.index, s.emitted, at);
  });
}

/** Four lines side by side, one in each lane of the sums. */
interface LinesDown {
  readonly sums: readonly Expr[];
  /** Where sum i lies: its row, and the first of the four columns. */
  place(i: number): { readonly batch: Index; readonly row: Index; readonly column: Index };
}

/** Reduces over four lines at once. Their own stores come last: `store` emits them. */
export function endLinesDown(
  b: KernelBuilder,
  spec: ContractSpec,
  p: Product,
  { sums, place }: LinesDown,
  physical: ReadonlyMap<string, Expr>,
): { readonly totals: ReadonlyMap<number, Expr>; store(): void } {
  const totals = new Map<number, Expr>();
  if (spec.lines === undefined) return { totals, store: () => undefined };
  if (sums.length < p.rowCount) throw new InternalError('lower', 'lines that are not whole');
  spec.lines.reductions.forEach((r, number) => {
    const values = sums.slice(0, p.rowCount).map((sum, i) => {
      const { batch, row, column } = place(i);
      const vars = (lane: number) => pointOf(p, { batch, row, column: addConstant(column, lane) });
      const at = vectorPlace(vars, physical, new Map([...totals, [0, sum]]));
      return splat(emitValue(b, r.body, at));
    });
    const { combine } = r;
    const arg = combine === 'argmax' || combine === 'argmin';
    totals.set(number + 1, arg ? positionOfBest(b, combine, values) : fold(b, combine, values));
  });
  const { batch, row, column } = place(0);
  const at = (lane: number) => ({ row, column: addConstant(column, lane) });
  const quad: Quad = { place: quadPlace(p, batch, at), reduced: totals };
  return { totals, store: emitEpilogue(b, spec, p, quad, 'row', physical) };
}

const columnOf = (group: number): Index => constant(4 * group);

/** The bodies of a reduction, four columns at a time, without those past the last column. */
function reduceLine(
  b: KernelBuilder,
  p: Product,
  { batch, row, sums }: Line,
  r: Reduction,
  totals: ReadonlyMap<number, Expr>,
  physical: ReadonlyMap<string, Expr>,
): Expr {
  const groups = sums.map((sum, j) => {
    const vars = (lane: number) =>
      pointOf(p, { batch, row, column: addConstant(columnOf(j), lane) });
    const place = vectorPlace(vars, physical, new Map([...totals, [0, sum]]));
    return splat(emitValue(b, r.body, place));
  });
  const rest = groups.flatMap((group, j) =>
    [0, 1, 2, 3].flatMap((lane) =>
      4 * j + lane < p.columnCount ? [b.bind(component(group, lane))] : [],
    ),
  );
  if (r.combine === 'argmax' || r.combine === 'argmin') return positionOfBest(b, r.combine, rest);
  const whole = Math.floor(p.columnCount / 4);
  if (whole < 2) return fold(b, r.combine, rest);
  // Whole vectors first: a quarter of the work.
  const vector = fold(b, r.combine, groups.slice(0, whole));
  const lanes = [0, 1, 2, 3].map((lane) => component(vector, lane));
  return fold(b, r.combine, [...lanes, ...rest.slice(4 * whole)]);
}

const fold = (b: KernelBuilder, combine: Reduction['combine'], values: readonly Expr[]): Expr =>
  values.reduce((total, value) => b.bind(merge(combine, total, value), 'line'));

/** The first position of the best value. */
function positionOfBest(
  b: KernelBuilder,
  combine: 'argmax' | 'argmin',
  values: readonly Expr[],
): Expr {
  const [first, ...others] = values;
  if (first === undefined) throw new InternalError('lower', 'a line without columns');
  const { width } = first.type;
  const i32: ValueType = { dtype: 'i32', width };
  const condition: ValueType = { ...boolean, width };
  let best = first;
  let where = literal(0, i32);
  others.forEach((value, i) => {
    const better = b.bind(
      { kind: 'apply', fn: combine === 'argmax' ? gt : lt, args: [value, best], type: condition },
      'better',
    );
    where = b.bind(
      { kind: 'apply', fn: select, args: [better, literal(i + 1, i32), where], type: i32 },
      'at',
    );
    best = b.bind(
      { kind: 'apply', fn: select, args: [better, value, best], type: value.type },
      'line',
    );
  });
  return where;
}
