/**
 * How many numbers an invocation of a kernel has to hold at once: what it sums up, what it waits with, and what lies
 * between them in its formulas, each of which takes a register of 32 bits. An estimate, for the question which kernels
 * to merge; what a driver makes of a text, nobody can know.
 */
import { groupByLevel } from './accumulate.ts';
import type { Reduction, SingleSpec, Store } from './spec.ts';
import { partsOf, type Value, valuesBelow } from './value.ts';

/** Sums that an invocation has of a product, in the largest tile; a line that it holds whole is no longer. */
const TILE = 64;
/** Elements of a product are ended four at a time. */
const LANES = 4;

export function registersOf(spec: SingleSpec): number {
  switch (spec.kind) {
    case 'map':
      return heldAtOnce(valuesOf(spec.stores), 'kept');
    case 'row':
      return rowRegisters(spec.reductions, spec.stores);
    case 'contract': {
      const { lines, blocks, stores } = spec;
      const reductions = (lines ?? blocks)?.reductions ?? [];
      const ends = [heldAtOnce(bodiesOf(reductions), 'used'), heldAtOnce(valuesOf(stores), 'kept')];
      return TILE + accumulators(reductions) + LANES * Math.max(...ends);
    }
    case 'prefix':
      return 1 + heldAtOnce([spec.body], 'used');
  }
}

/** No kernel of a kind holds more, given how many values and reductions it has. */
export function registersAtMost(
  kind: SingleSpec['kind'],
  values: number,
  reductions: number,
): number {
  return (kind === 'contract' ? TILE + LANES * values : values) + 2 * reductions;
}

/**
 * One stage after another: reductions that share a loop, in the end the stores. A result is held until the last stage that uses
 * it, and what is stored once a row waits until the row's elements are.
 */
function rowRegisters(reductions: readonly Reduction[], stores: readonly Store[]): number {
  const rowStores = valuesOf(stores.filter((s) => s.over === 'row'));
  const elementStores = valuesOf(stores.filter((s) => s.over === 'full'));
  const groups = groupByLevel(reductions);
  const stages: readonly Stage[] = [
    ...groups.map((group) => group.flatMap((i) => reductions[i] ?? [])).map(loopOf),
    { sums: 0, roots: rowStores, end: 'kept' },
    { sums: rowStores.length, roots: elementStores, end: 'kept' },
  ];
  const used = stages.map(({ roots }) => reductionsIn(roots));
  return Math.max(
    ...stages.map(({ sums, roots, end }, at) => {
      const done = groups.slice(0, at).flat();
      const waiting = done.filter((i) => used.slice(at).some((numbers) => numbers.has(i)));
      return sums + waiting.length + heldAtOnce(roots, end);
    }),
  );
}

interface Stage {
  /** Numbers that grow, or wait, from its beginning to its end. */
  readonly sums: number;
  readonly roots: readonly Value[];
  readonly end: End;
}

/** What becomes of a value in the end: a sum takes it in at once; stores come after all values, since they may overwrite what one of them reads. */
type End = 'used' | 'kept';

const loopOf = (reductions: readonly Reduction[]): Stage => ({
  sums: accumulators(reductions),
  roots: bodiesOf(reductions),
  end: 'used',
});

/** The best value and its place are two. */
const accumulators = (reductions: readonly Reduction[]): number =>
  reductions.reduce((n, r) => n + (r.combine.startsWith('arg') ? 2 : 1), 0);

const bodiesOf = (reductions: readonly Reduction[]): Value[] => reductions.map((r) => r.body);
const valuesOf = (stores: readonly Store[]): Value[] => stores.map((s) => s.value);

const reductionsIn = (roots: readonly Value[]): ReadonlySet<number> =>
  new Set(valuesBelow(roots).flatMap((v) => (v.kind === 'reduced' ? [v.reduction] : [])));

/** Most values that wait for a use of theirs, where each is computed as late as it can be. */
export function heldAtOnce(roots: readonly Value[], end: End): number {
  const order = lateOrder(roots);
  const lastUse = new Map(order.map((v, at) => [v, at + 1]));
  order.forEach((v, at) => {
    for (const p of partsOf(v)) lastUse.set(p, at);
  });
  if (end === 'kept') for (const root of roots) lastUse.set(root, order.length);
  const ending = Array.from({ length: order.length + 1 }, () => 0);
  for (const [v, at] of lastUse) if (takesRegister(v)) ending[at] = (ending[at] ?? 0) + 1;
  let [held, most] = [0, 0];
  order.forEach((v, at) => {
    // A result may lie where one of its parts lay.
    held += (takesRegister(v) ? 1 : 0) - (ending[at] ?? 0);
    most = Math.max(most, held);
  });
  return most;
}

/** What costs nothing to make again, and reductions, which are counted where they are made. */
const takesRegister = ({ kind }: Value): boolean =>
  kind !== 'literal' && kind !== 'index' && kind !== 'reduced';

/** Parts before wholes, of the parts first the one that needs most: what is done with it needs room no more (Sethi and Ullman). */
function lateOrder(roots: readonly Value[]): readonly Value[] {
  const needs = new Map<Value, number>();
  const byNeed = (v: Value): Value[] =>
    [...partsOf(v)].sort((a, b) => (needs.get(b) ?? 0) - (needs.get(a) ?? 0));
  for (const v of valuesBelow(roots)) {
    const parts = byNeed(v).map((p, i) => (needs.get(p) ?? 0) + i);
    needs.set(v, Math.max(takesRegister(v) ? 1 : 0, ...parts));
  }
  const order = new Set<Value>();
  const visit = (v: Value): void => {
    if (order.has(v)) return;
    for (const p of byNeed(v)) visit(p);
    order.add(v);
  };
  for (const r of roots) visit(r);
  return [...order];
}
