/**
 * Turns values into kernel IR at a place: the iteration variables as index expressions over what the
 * invocation has (its id, loop counters). At a vector place one variable runs over four lanes; a
 * load whose four indices are consecutive and aligned then becomes one vector load.
 */
import {
  addConstant,
  divide,
  divisibleBy,
  type Index,
  linear,
  substitute,
  subtract,
  variable,
  variablesOf,
} from '../index/index-expr.ts';
import { InternalError } from '../internal-error.ts';
import { select } from '../scalar/intrinsics.ts';
import { boolean, type Expr, literal, u32, u32Literal, type ValueType } from './ir.ts';
import type { KernelBuilder } from './kernel-builder.ts';
import type { Gathered, Value } from './value.ts';

/** Where values are evaluated. */
export interface Place {
  /** The iteration variables over physical variables, for each lane (one entry if scalar, else four). */
  readonly lanes: readonly ReadonlyMap<string, Index>[];
  /** The IR of a physical variable. */
  readonly physical: ReadonlyMap<string, Expr>;
  /** Results of the reductions so far. */
  readonly reduced: ReadonlyMap<number, Expr>;
}

const four = [0, 1, 2, 3] as const;
const widen = (type: ValueType): ValueType => ({ dtype: type.dtype, width: 4 });

/** Makes a scalar four equal lanes. */
export const splat = (e: Expr): Expr =>
  e.type.width === 4 ? e : { kind: 'splat', arg: e, type: widen(e.type) };

export function emitValue(
  b: KernelBuilder,
  value: Value,
  at: Place,
  memo: Map<Value, Expr> = new Map(),
): Expr {
  const seen = memo.get(value);
  if (seen !== undefined) return seen;
  const e = emit(b, value, at, memo);
  memo.set(value, e);
  return e;
}

function emit(b: KernelBuilder, value: Value, at: Place, memo: Map<Value, Expr>): Expr {
  const type: ValueType = { dtype: value.dtype, width: 1 };
  switch (value.kind) {
    case 'literal':
      return literal(value.value, type);
    case 'reduced': {
      const e = at.reduced.get(value.reduction);
      if (e === undefined)
        throw new InternalError('lower', `reduction ${value.reduction} is not computed yet`);
      return e;
    }
    case 'index':
      return emitLanes(b, value.index, withGathered(b, value.through, at, memo), (e) =>
        b.bind({ kind: 'cast', arg: e, type }),
      );
    case 'load':
      return emitLoad(b, value, withGathered(b, value.through, at, memo));
    case 'cast': {
      const arg = emitValue(b, value.arg, at, memo);
      return b.bind({ kind: 'cast', arg, type: { dtype: value.dtype, width: arg.type.width } });
    }
    case 'apply': {
      const args = value.args.map((a) => emitValue(b, a, at, memo));
      const width = args.some((a) => a.type.width === 4) ? 4 : 1;
      const same = width === 4 ? args.map(splat) : args;
      return b.bind({
        kind: 'apply',
        fn: value.fn,
        args: same,
        type: { dtype: value.dtype, width },
      });
    }
    case 'guarded': {
      const inside = emitValue(b, value.inside, at, memo);
      const outside = emitValue(b, value.outside, at, memo);
      const here = withGathered(b, value.through, at, memo);
      const conditions = at.lanes.map((_, lane) => withinBounds(b, value.guards, here, lane));
      const uniform = conditions.every((c) => sameName(c, conditions[0]));
      const [first] = conditions;
      if (first === undefined) throw new InternalError('lower', 'a place without lanes');
      const condition = uniform
        ? first
        : b.bind({ kind: 'compose', parts: conditions, type: widen(boolean) });
      const width = [inside, outside, condition].some((e) => e.type.width === 4) ? 4 : 1;
      const args = [condition, inside, outside].map((e) => (width === 4 ? splat(e) : e));
      return b.bind({ kind: 'apply', fn: select, args, type: { dtype: value.dtype, width } });
    }
  }
}

/**
 * The place with the values that an index goes through as further variables: lane by lane what the
 * value is there. They are clamped already, so an id past the end of the data reads some element.
 */
function withGathered(
  b: KernelBuilder,
  through: readonly Gathered[],
  at: Place,
  memo: Map<Value, Expr>,
): Place {
  if (through.length === 0) return at;
  const physical = new Map(at.physical);
  const lanes = at.lanes.map((vars) => new Map(vars));
  for (const { name, value, size } of through) {
    const emitted = emitValue(b, value, at, memo);
    lanes.forEach((vars, lane) => {
      const arg = component(emitted, lane);
      const e = b.bind({ kind: 'cast', arg, type: u32 }, 'at');
      // The name of the expression, so that lanes with one value have one index.
      const here = e.kind === 'name' ? `$${e.name}` : `${name}.${lane}`;
      physical.set(here, e);
      vars.set(name, variable(here, size));
    });
  }
  return { ...at, lanes, physical };
}

const sameName = (a: Expr | undefined, c: Expr | undefined): boolean =>
  a !== undefined &&
  c !== undefined &&
  ((a.kind === 'name' && c.kind === 'name' && a.name === c.name) ||
    (a.kind === 'literal' && c.kind === 'literal' && a.value === c.value));

function withinBounds(
  b: KernelBuilder,
  guards: readonly { index: Index; size: number }[],
  at: Place,
  lane: number,
): Expr {
  const bounds = guards.flatMap((g) => {
    const index = placed(g.index, at, lane);
    if (index.lo >= 0 && index.hi < g.size) return [];
    return [{ index: emitIndex(b, index, at), size: g.size }];
  });
  return bounds.length === 0
    ? literal(1, boolean)
    : b.bind({ kind: 'within', bounds, type: boolean });
}

/** By place: the indices that were asked for there. Whether loads are vectors is asked before they are emitted. */
const known = new WeakMap<ReadonlyMap<string, Index>, Map<Index, Index>>();

/** An index with what a place has for its variables. */
export function indexAt(index: Index, vars: ReadonlyMap<string, Index>): Index {
  const here = known.get(vars);
  const seen = here?.get(index);
  if (seen !== undefined) return seen;
  const fresh = substitute(index, (v) => vars.get(v));
  if (here === undefined) known.set(vars, new Map([[index, fresh]]));
  else here.set(index, fresh);
  return fresh;
}

/** An index at a lane, over physical variables. */
export function placed(index: Index, at: Place, lane: number): Index {
  const vars = at.lanes[lane];
  return vars === undefined ? index : indexAt(index, vars);
}

function emitLanes(b: KernelBuilder, index: Index, at: Place, each: (e: Expr) => Expr): Expr {
  const lanes = at.lanes.map((_, lane) => placed(index, at, lane));
  const [first] = lanes;
  if (first === undefined) throw new InternalError('lower', 'a place without lanes');
  if (lanes.every((l) => l.key === first.key)) return each(emitIndex(b, first, at));
  const parts = lanes.map((l) => each(emitIndex(b, l, at)));
  const type = parts[0]?.type ?? u32;
  return b.bind({ kind: 'compose', parts, type: widen(type) });
}

function emitLoad(b: KernelBuilder, value: Extract<Value, { kind: 'load' }>, at: Place): Expr {
  const type: ValueType = { dtype: value.dtype, width: 1 };
  const lanes = at.lanes.map((_, lane) => placed(value.index, at, lane));
  const vector = vectorIndex(lanes);
  if (vector !== undefined) return b.load(value.operand, emitIndex(b, vector, at), widen(type));
  const [first] = lanes;
  if (first !== undefined && lanes.every((l) => l.key === first.key))
    return b.load(value.operand, emitIndex(b, first, at), type);
  const parts = lanes.map((l) => b.load(value.operand, emitIndex(b, l, at), type));
  return b.bind({ kind: 'compose', parts, type: widen(type) });
}

/** The vector number, where four lane indices are consecutive from a multiple of four. */
export function vectorIndex(lanes: readonly Index[]): Index | undefined {
  const [first] = lanes;
  if (lanes.length !== 4 || first === undefined || first.lo < 0 || !divisibleBy(first, 4))
    return undefined;
  return lanes.every((l, i) => gapOf(l, first) === i) ? divide(first, 4) : undefined;
}

/** a - b where that is a constant. */
function gapOf(a: Index, b: Index): number | undefined {
  const [p, q] = [linear(a), linear(b)];
  // As a rule it is the constants alone that differ.
  if (
    p.terms === q.terms ||
    (p.terms.length === q.terms.length &&
      p.terms.every(
        ({ index, coefficient }, i) =>
          index.key === q.terms[i]?.index.key && coefficient === q.terms[i]?.coefficient,
      ))
  )
    return p.constant - q.constant;
  const gap = subtract(a, b);
  return gap.kind === 'constant' ? gap.value : undefined;
}

/** Index arithmetic as u32 IR. Terms are summed from the outermost scope inwards, so that invariant parts are hoisted. */
export function emitIndex(b: KernelBuilder, index: Index, at: Pick<Place, 'physical'>): Expr {
  switch (index.kind) {
    case 'constant':
      return u32Literal(index.value >>> 0);
    case 'variable': {
      const e = at.physical.get(index.name);
      if (e === undefined)
        throw new InternalError('lower', `the variable ${index.name} has no place`);
      return e;
    }
    case 'quotient':
    case 'remainder':
      return emitDivision(b, index, at);
    case 'sum':
      return emitSum(b, index, at);
  }
}

/** Floors, though u32 division truncates: what may be negative is lifted by a multiple of the divisor first. */
function emitDivision(
  b: KernelBuilder,
  { kind, of, by }: Extract<Index, { kind: 'quotient' | 'remainder' }>,
  at: Pick<Place, 'physical'>,
): Expr {
  const lift = of.lo < 0 ? Math.ceil(-of.lo / by) : 0;
  const left = emitIndex(b, addConstant(of, lift * by), at);
  const right = u32Literal(by);
  const result = b.bind(
    { kind: 'index', op: kind === 'quotient' ? '/' : '%', left, right, type: u32 },
    'x',
  );
  if (kind === 'remainder' || lift === 0) return result;
  return b.bind({ kind: 'index', op: '-', left: result, right: u32Literal(lift), type: u32 }, 'x');
}

function emitSum(b: KernelBuilder, index: Index, at: Pick<Place, 'physical'>): Expr {
  const { terms, constant: offset } = linear(index);
  const order = [...terms].sort(
    (p, q) =>
      innermost(p.index, at) - innermost(q.index, at) ||
      Number(p.coefficient < 0) - Number(q.coefficient < 0),
  );
  let sum: Expr | undefined;
  const plus = (e: Expr, negative: boolean): void => {
    sum =
      sum === undefined && !negative
        ? e
        : b.bind(
            {
              kind: 'index',
              op: negative ? '-' : '+',
              left: sum ?? u32Literal(0),
              right: e,
              type: u32,
            },
            'x',
          );
  };
  for (const t of order) {
    const part = emitIndex(b, t.index, at);
    const k = Math.abs(t.coefficient);
    plus(
      k === 1
        ? part
        : b.bind({ kind: 'index', op: '*', left: part, right: u32Literal(k), type: u32 }, 'x'),
      t.coefficient < 0,
    );
  }
  if (offset !== 0) plus(u32Literal(Math.abs(offset)), offset < 0);
  return sum ?? u32Literal(0);
}

/** Physical variables are declared outermost first, so the last one names the innermost scope. */
function innermost(index: Index, at: Pick<Place, 'physical'>): number {
  const names = [...at.physical.keys()];
  let last = -1;
  for (const v of variablesOf(index)) last = Math.max(last, names.indexOf(v));
  return last;
}

/** One lane: every variable by the same expressions. */
export const scalarPlace = (
  vars: ReadonlyMap<string, Index>,
  physical: ReadonlyMap<string, Expr>,
  reduced: ReadonlyMap<number, Expr> = new Map(),
): Place => ({
  lanes: [vars],
  physical,
  reduced,
});

/** Four lanes: `vars(lane)`. */
export const vectorPlace = (
  vars: (lane: number) => ReadonlyMap<string, Index>,
  physical: ReadonlyMap<string, Expr>,
  reduced: ReadonlyMap<number, Expr> = new Map(),
): Place => ({
  lanes: four.map(vars),
  physical,
  reduced,
});

/** Lane `lane` of a value, which may be the same in all. */
export function component(e: Expr, lane: number): Expr {
  return e.type.width === 1
    ? e
    : { kind: 'component', arg: e, lane, type: { dtype: e.type.dtype, width: 1 } };
}

/** Stores a value whose lanes go to the indices of the place: as one vector where they are consecutive. */
export function emitStore(
  b: KernelBuilder,
  binding: number,
  index: Index,
  value: Expr,
  at: Place,
): void {
  const lanes = at.lanes.map((_, lane) => placed(index, at, lane));
  const vector = vectorIndex(lanes);
  if (vector !== undefined) b.store(binding, emitIndex(b, vector, at), splat(value));
  else
    lanes.forEach((l, lane) => {
      b.store(binding, emitIndex(b, l, at), component(value, lane));
    });
}
