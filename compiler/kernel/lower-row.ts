/** Lowers a row kernel: for each row, one loop per level of reductions, then the stores. */
import { addConstant, type Index, scale, variable } from '../index/index-expr.ts';
import { InternalError } from '../internal-error.ts';
import type { Schedule } from '../schedule/schedule.ts';
import {
  type Accumulator,
  accumulate,
  groupByLevel,
  mergeLanes,
  startAccumulator,
} from './accumulate.ts';
import { placeOf } from './axes.ts';
import { emitStore, emitValue, type Place, scalarPlace, vectorPlace } from './emit-value.ts';
import { boolean, type Expr, type KernelIr, name, u32, u32Literal } from './ir.ts';
import { type BuilderOptions, KernelBuilder } from './kernel-builder.ts';
import { mergeInvocations } from './merge-invocations.ts';
import { type KernelSpec, type Reduction, type Store, sizeOfAxes } from './spec.ts';

type RowSpec = KernelSpec & { kind: 'row' };
type RowSchedule = Schedule & { kind: 'row' };

/** Who computes a row, and how: the two answers below share everything else. */
interface Team {
  readonly width: 1 | 4;
  /** Where values are evaluated: of the row itself, or at an element of it. */
  place(element?: Expr): Place;
  /** Runs the body for every element that this invocation takes. */
  eachElement(body: (element: Expr) => void): void;
  /** A finished reduction, as every invocation of the row needs it. */
  total(acc: Accumulator): Expr;
  /** Runs where the row's own results are stored, once a row. */
  oncePerRow(body: () => void): void;
}

export function lowerRow(spec: RowSpec, s: RowSchedule, options: BuilderOptions): KernelIr {
  const b = new KernelBuilder(spec, options);
  const reduced = new Map<number, Expr>();
  const rows = sizeOfAxes(spec.axes);
  if (s.by === 'workgroup') {
    emitRows(b, spec, workgroupTeam(b, spec, s, reduced), reduced);
    return b.finish(s.workgroup, rows);
  }
  const invocations = Math.ceil(rows / (s.lanes === 'rows' ? 4 : 1));
  const workgroups = Math.ceil(invocations / s.workgroup);
  if (workgroups * s.workgroup !== invocations)
    b.push({ kind: 'return-unless', condition: within(name('gid', u32), invocations) });
  emitRows(b, spec, invocationTeam(b, spec, s, reduced), reduced);
  return b.finish(s.workgroup, workgroups);
}

const within = (index: Expr, size: number): Expr => ({
  kind: 'within',
  bounds: [{ index, size }],
  type: boolean,
});

/** One invocation a row, or four neighbouring rows, or a row four elements at a time. */
function invocationTeam(
  b: KernelBuilder,
  spec: RowSpec,
  s: RowSchedule,
  reduced: ReadonlyMap<number, Expr>,
): Team {
  const [rowLanes, elementLanes] = [s.lanes === 'rows' ? 4 : 1, s.lanes === 'elements' ? 4 : 1];
  const invocations = Math.ceil(sizeOfAxes(spec.axes) / rowLanes);
  const trips = sizeOfAxes(spec.reducedAxes) / elementLanes;
  const g = scale(variable('g', invocations), rowLanes);
  const c = scale(variable('c', trips), elementLanes);
  return {
    width: s.lanes === 'none' ? 1 : 4,
    place(element) {
      const physical = new Map<string, Expr>([
        ['g', invocations === 1 ? u32Literal(0) : name('gid', u32)],
        ...(element === undefined ? [] : [['c', element] as const]),
      ]);
      const vars = (lane: number): ReadonlyMap<string, Index> =>
        new Map([
          ...placeOf(spec.axes, addConstant(g, rowLanes === 4 ? lane : 0)),
          ...(element === undefined
            ? []
            : placeOf(spec.reducedAxes, addConstant(c, elementLanes === 4 ? lane : 0))),
        ]);
      const oneLane = s.lanes === 'none' || (s.lanes === 'elements' && element === undefined);
      return oneLane
        ? scalarPlace(vars(0), physical, reduced)
        : vectorPlace(vars, physical, reduced);
    },
    eachElement: (body) => b.loop('c', trips, body),
    total: (acc) => acc.where ?? (s.lanes === 'elements' ? mergeLanes(b, acc) : acc.best),
    oncePerRow: (body) => body(),
  };
}

/** One workgroup a row: every invocation takes each `workgroup`-th element, and a tree merges them. */
function workgroupTeam(
  b: KernelBuilder,
  spec: RowSpec,
  s: RowSchedule,
  reduced: ReadonlyMap<number, Expr>,
): Team {
  const [rows, elements] = [sizeOfAxes(spec.axes), sizeOfAxes(spec.reducedAxes)];
  const lid = name('lid', u32);
  return {
    width: 1,
    place(element) {
      const physical = new Map<string, Expr>([
        ['g', rows === 1 ? u32Literal(0) : name('wg', u32)],
        ...(element === undefined ? [] : [['c', element] as const]),
      ]);
      const vars = new Map([
        ...placeOf(spec.axes, variable('g', rows)),
        ...(element === undefined ? [] : placeOf(spec.reducedAxes, variable('c', elements))),
      ]);
      return scalarPlace(vars, physical, reduced);
    },
    eachElement: (body) => b.stridedLoop('c', lid, elements, s.workgroup, body),
    total: (acc) => mergeInvocations(b, acc, s.workgroup),
    oncePerRow(body) {
      // The others may still be reading, element by element, what is overwritten here.
      b.push({ kind: 'barrier' });
      b.when(within(lid, 1), body);
    },
  };
}

function emitRows(b: KernelBuilder, spec: RowSpec, team: Team, reduced: Map<number, Expr>): void {
  for (const group of groupByLevel(spec.reductions)) {
    const reductions = group.map((i) => reductionAt(spec, i));
    const accumulators = reductions.map((r) => startAccumulator(b, r, team.width));
    team.eachElement((element) => {
      const at = team.place(element);
      const memo = new Map();
      const values = reductions.map((r) => emitValue(b, r.body, at, memo));
      accumulators.forEach((acc, k) => {
        const value = values[k];
        if (value !== undefined) accumulate(b, acc, value, () => positionOf(b, element));
      });
    });
    group.forEach((i, k) => {
      const acc = accumulators[k];
      if (acc !== undefined) reduced.set(i, team.total(acc));
    });
  }
  // A store may overwrite what another value reads, so the row's values come before the elements' stores, and its stores after.
  const storeRow = emitStores(b, spec, 'row', team.place());
  if (spec.stores.some((s) => s.over === 'full'))
    team.eachElement((element) => emitStores(b, spec, 'full', team.place(element))());
  team.oncePerRow(storeRow);
}

/** Computes all values of one kind of store now; the function returned stores them. */
function emitStores(b: KernelBuilder, spec: RowSpec, over: Store['over'], at: Place): () => void {
  const memo = new Map();
  const stores = spec.stores
    .filter((s) => s.over === over)
    .map((s) => ({ ...s, emitted: emitValue(b, s.value, at, memo) }));
  return () => {
    for (const s of stores) emitStore(b, s.operand, s.index, s.emitted, at);
  };
}

const positionOf = (b: KernelBuilder, counter: Expr): Expr =>
  b.bind({ kind: 'cast', arg: counter, type: { dtype: 'i32', width: 1 } });

function reductionAt(spec: RowSpec, i: number): Reduction {
  const r = spec.reductions[i];
  if (r === undefined) throw new InternalError('lower', `no reduction ${i}`);
  return r;
}
