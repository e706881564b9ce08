/** Lowers a row kernel: for each row, one loop per level of reductions, then the stores. */
import { addConstant, constant, type Index, scale, variable } from '../index/index-expr.ts';
import { InternalError } from '../internal-error.ts';
import { select } from '../scalar/intrinsics.ts';
import type { Schedule } from '../schedule/schedule.ts';
import {
  type Accumulator,
  accumulate,
  earlierOrBetter,
  groupByLevel,
  merge,
  mergeLanes,
  startAccumulator,
} from './accumulate.ts';
import { placeOf } from './axes.ts';
import { emitStore, emitValue, type Place, scalarPlace, vectorPlace } from './emit-value.ts';
import { boolean, type Expr, type KernelIr, name, u32, u32Literal } from './ir.ts';
import { type BuilderOptions, KernelBuilder } from './kernel-builder.ts';
import { type KernelSpec, type Reduction, sizeOfAxes } from './spec.ts';

type RowSpec = KernelSpec & { kind: 'row' };
type RowSchedule = Schedule & { kind: 'row' };

export function lowerRow(spec: RowSpec, s: RowSchedule, options: BuilderOptions): KernelIr {
  return s.by === 'workgroup'
    ? lowerByWorkgroup(spec, s, options)
    : lowerByInvocation(spec, s, options);
}

const within = (index: Expr, size: number): Expr => ({
  kind: 'within',
  bounds: [{ index, size }],
  type: boolean,
});

function lowerByInvocation(spec: RowSpec, s: RowSchedule, options: BuilderOptions): KernelIr {
  const b = new KernelBuilder(spec, options);
  const rows = sizeOfAxes(spec.axes);
  const elements = sizeOfAxes(spec.reducedAxes);
  const rowLanes = s.lanes === 'rows' ? 4 : 1;
  const elementLanes = s.lanes === 'elements' ? 4 : 1;
  const invocations = Math.ceil(rows / rowLanes);
  const workgroups = Math.ceil(invocations / s.workgroup);
  const gid = name('gid', u32);
  if (workgroups * s.workgroup !== invocations)
    b.push({ kind: 'return-unless', condition: within(gid, invocations) });
  const trips = elements / elementLanes;
  const reduced = new Map<number, Expr>();

  const placeAt = (counter: Expr | undefined): Place => {
    const physical = new Map<string, Expr>([['g', invocations === 1 ? u32Literal(0) : gid]]);
    if (counter !== undefined) physical.set('c', counter);
    const c: Index = counter === undefined ? constant(0) : variable('c', trips);
    const vars = (lane: number) =>
      new Map([
        ...placeOf(
          spec.axes,
          addConstant(scale(variable('g', invocations), rowLanes), rowLanes === 4 ? lane : 0),
        ),
        ...(counter === undefined
          ? []
          : placeOf(
              spec.reducedAxes,
              addConstant(scale(c, elementLanes), elementLanes === 4 ? lane : 0),
            )),
      ]);
    return s.lanes === 'none' || (s.lanes === 'elements' && counter === undefined)
      ? scalarPlace(vars(0), physical, reduced)
      : vectorPlace(vars, physical, reduced);
  };

  for (const group of groupByLevel(spec.reductions)) {
    const width = s.lanes === 'none' ? 1 : 4;
    const accumulators = group.map((i) => startAccumulator(b, reductionAt(spec, i), width));
    b.loop('c', trips, (counter) => {
      const at = placeAt(counter);
      const memo = new Map();
      const values = group.map((i) => emitValue(b, reductionAt(spec, i).body, at, memo));
      group.forEach((_, k) => {
        const acc = accumulators[k];
        const value = values[k];
        if (acc !== undefined && value !== undefined)
          accumulate(b, acc, value, () => positionOf(b, counter));
      });
    });
    group.forEach((i, k) => {
      const acc = accumulators[k];
      if (acc === undefined) return;
      reduced.set(i, acc.where ?? (s.lanes === 'elements' ? mergeLanes(b, acc) : acc.best));
    });
  }
  emitRowStores(b, spec, placeAt(undefined));
  if (spec.stores.some((store) => store.over === 'full'))
    b.loop('c', trips, (counter) => emitFullStores(b, spec, placeAt(counter)));
  return b.finish(s.workgroup, workgroups);
}

const positionOf = (b: KernelBuilder, counter: Expr): Expr =>
  b.bind({ kind: 'cast', arg: counter, type: { dtype: 'i32', width: 1 } });

function reductionAt(spec: RowSpec, i: number): Reduction {
  const r = spec.reductions[i];
  if (r === undefined) throw new InternalError('lower', `no reduction ${i}`);
  return r;
}

/** All values before all stores: a store may overwrite what another value reads. */
function emitStores(b: KernelBuilder, spec: RowSpec, over: 'row' | 'full', at: Place): void {
  const stores = spec.stores.filter((s) => s.over === over);
  const memo = new Map();
  const values = stores.map((s) => emitValue(b, s.value, at, memo));
  stores.forEach((s, i) => {
    const value = values[i];
    if (value !== undefined) emitStore(b, s.operand, s.index, value, at);
  });
}
const emitRowStores = (b: KernelBuilder, spec: RowSpec, at: Place): void =>
  emitStores(b, spec, 'row', at);
const emitFullStores = (b: KernelBuilder, spec: RowSpec, at: Place): void =>
  emitStores(b, spec, 'full', at);

/** One workgroup a row: every invocation takes in each `workgroup`-th element, then a tree in workgroup memory. */
function lowerByWorkgroup(spec: RowSpec, s: RowSchedule, options: BuilderOptions): KernelIr {
  const b = new KernelBuilder(spec, options);
  const rows = sizeOfAxes(spec.axes);
  const elements = sizeOfAxes(spec.reducedAxes);
  const lid = name('lid', u32);
  const reduced = new Map<number, Expr>();
  const placeAt = (counter: Expr | undefined): Place => {
    const physical = new Map<string, Expr>([['g', rows === 1 ? u32Literal(0) : name('wg', u32)]]);
    if (counter !== undefined) physical.set('c', counter);
    const vars = new Map([
      ...placeOf(spec.axes, variable('g', rows)),
      ...(counter === undefined ? [] : placeOf(spec.reducedAxes, variable('c', elements))),
    ]);
    return scalarPlace(vars, physical, reduced);
  };
  for (const group of groupByLevel(spec.reductions)) {
    const accumulators = group.map((i) => startAccumulator(b, reductionAt(spec, i), 1));
    b.stridedLoop('c', lid, elements, s.workgroup, (counter) => {
      const at = placeAt(counter);
      const memo = new Map();
      const values = group.map((i) => emitValue(b, reductionAt(spec, i).body, at, memo));
      group.forEach((_, k) => {
        const acc = accumulators[k];
        const value = values[k];
        if (acc !== undefined && value !== undefined)
          accumulate(b, acc, value, () => positionOf(b, counter));
      });
    });
    group.forEach((i, k) => {
      const acc = accumulators[k];
      if (acc !== undefined) reduced.set(i, mergeInvocations(b, acc, s.workgroup));
    });
  }
  b.when(within(lid, 1), () => emitRowStores(b, spec, placeAt(undefined)));
  if (spec.stores.some((store) => store.over === 'full'))
    b.stridedLoop('c', lid, elements, s.workgroup, (counter) =>
      emitFullStores(b, spec, placeAt(counter)),
    );
  return b.finish(s.workgroup, rows);
}

function mergeInvocations(b: KernelBuilder, acc: Accumulator, workgroup: number): Expr {
  const lid = name('lid', u32);
  const best = b.sharedArray('part', acc.best.type, workgroup);
  const where =
    acc.where === undefined ? undefined : b.sharedArray('place', acc.where.type, workgroup);
  const read = (array: string, index: Expr, like: Expr): Expr => ({
    kind: 'shared',
    array,
    index,
    type: like.type,
  });
  b.push({ kind: 'shared-store', array: best, index: lid, value: acc.best });
  if (where !== undefined && acc.where !== undefined)
    b.push({ kind: 'shared-store', array: where, index: lid, value: acc.where });
  b.push({ kind: 'barrier' });
  for (let half = workgroup / 2; half >= 1; half /= 2) {
    b.when(within(lid, half), () => {
      const other: Expr = { kind: 'index', op: '+', left: lid, right: u32Literal(half), type: u32 };
      const mine = b.bind(read(best, lid, acc.best), 'mine', true);
      const theirs = b.bind(read(best, other, acc.best), 'theirs', true);
      if (where === undefined || acc.where === undefined) {
        b.push({
          kind: 'shared-store',
          array: best,
          index: lid,
          value: merge(acc.combine, mine, theirs),
        });
        return;
      }
      const myPlace = b.bind(read(where, lid, acc.where), 'mine', true);
      const theirPlace = b.bind(read(where, other, acc.where), 'theirs', true);
      const take = b.bind(
        earlierOrBetter(acc.combine, mine, myPlace, theirs, theirPlace),
        'take',
        true,
      );
      b.push({
        kind: 'shared-store',
        array: best,
        index: lid,
        value: { kind: 'apply', fn: select, args: [take, theirs, mine], type: mine.type },
      });
      b.push({
        kind: 'shared-store',
        array: where,
        index: lid,
        value: { kind: 'apply', fn: select, args: [take, theirPlace, myPlace], type: myPlace.type },
      });
    });
    b.push({ kind: 'barrier' });
  }
  const array = where ?? best;
  return b.bind(read(array, u32Literal(0), acc.where ?? acc.best), 'total', true);
}
