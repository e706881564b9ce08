/**
 * A kernel in parts, where it binds a tensor larger than the device binds at once: one dispatch for each block of
 * the kernel's outer axis, which binds only the block's part of the tensor. Possible where nothing is
 * reduced along that axis, and every large tensor is read and written at `stride · axis + rest`.
 */
import { type StorageDType, storageBits } from '../graph/dtype.ts';
import {
  addConstant,
  constant,
  type Index,
  linear,
  substitute,
  variable,
  variablesOf,
} from '../index/index-expr.ts';
import { rootsOf } from '../kernel/roots.ts';
import type { Axis, SingleSpec, Store } from '../kernel/spec.ts';
import { type Gathered, type Value, Values, valuesBelow } from '../kernel/value.ts';
import { PART_ALIGNMENT } from './lay-out-state.ts';

export interface RowBlock {
  readonly spec: SingleSpec;
  /** What the block uses of a large operand, in elements; other operands are bound whole. */
  readonly windows: ReadonlyMap<number, { readonly first: number; readonly count: number }>;
}

/** `large` are operands of more than `limit` bytes. Undefined where the kernel cannot be run in parts. */
export function rowBlocks(
  spec: SingleSpec,
  large: ReadonlySet<number>,
  limit: number,
): readonly RowBlock[] | undefined {
  for (const axis of outerAxes(spec)) {
    const strides = stridesAlong(spec, axis, large);
    if (strides === undefined) continue;
    const rows = rowsPerBlock(spec, strides, limit);
    if (rows === 0) continue;
    return Array.from({ length: Math.ceil(axis.size / rows) }, (_, block) => {
      const first = block * rows;
      const count = Math.min(rows, axis.size - first);
      const windows = [...strides].map(
        ([operand, stride]) => [operand, { first: first * stride, count: count * stride }] as const,
      );
      return { spec: part(spec, axis, large, first, count), windows: new Map(windows) };
    });
  }
  return undefined;
}

/** Axes along which the kernel's results do not depend on each other, outermost first. */
function outerAxes(spec: SingleSpec): readonly Axis[] {
  switch (spec.kind) {
    case 'map':
    case 'row':
    case 'prefix':
      return spec.axes.slice(0, 1);
    case 'contract': {
      const { batch, m, n } = spec.contraction;
      // A range of rows could end within a block.
      if (spec.blocks !== undefined) return batch.slice(0, 1);
      const sides = [
        ...(spec.lines?.over === 'm' ? [] : [m]),
        ...(spec.lines?.over === 'n' ? [] : [n]),
      ];
      return [batch, ...sides].flatMap(([outer]) => outer ?? []);
    }
  }
}

/** Elements of each large operand from one place on the axis to the next, if that is how all of them lie. */
function stridesAlong(
  spec: SingleSpec,
  axis: Axis,
  large: ReadonlySet<number>,
): ReadonlyMap<number, number> | undefined {
  const strides = new Map<number, number>();
  for (const operand of large) {
    const stride = (spec.operands[operand]?.tensor.elements ?? 0) / axis.size;
    const indices = indicesOf(spec, operand);
    if (!Number.isInteger(stride) || !indices.every((index) => liesAlong(index, axis, stride)))
      return undefined;
    strides.set(operand, stride);
  }
  return strides;
}

function indicesOf(spec: SingleSpec, operand: number): readonly Index[] {
  const loads = valuesBelow(rootsOf(spec)).flatMap((v) =>
    v.kind === 'load' && v.operand === operand ? [v.index] : [],
  );
  const stores = spec.stores.flatMap((s) => (s.operand === operand ? [s.index] : []));
  return [...loads, ...stores];
}

/** `stride · axis + rest`, with a rest that stays within the stride and does not depend on the axis. */
function liesAlong(index: Index, axis: Axis, stride: number): boolean {
  const { terms, constant: offset } = linear(index);
  let [least, most] = [offset, offset];
  let along = 0;
  for (const { index: of, coefficient } of terms) {
    if (of.kind === 'variable' && of.name === axis.name) along += coefficient;
    else if (variablesOf(of).has(axis.name)) return false;
    else {
      least += Math.min(coefficient * of.lo, coefficient * of.hi);
      most += Math.max(coefficient * of.lo, coefficient * of.hi);
    }
  }
  return along === stride && least >= 0 && most < stride;
}

/**
 * As many as fit. Parts begin where a bind group can if that is possible, since then all of them have the same
 * text; else on whole vectors, and are bound from a little before.
 */
function rowsPerBlock(
  spec: SingleSpec,
  strides: ReadonlyMap<number, number>,
  limit: number,
): number {
  const rows = [...strides].map(([operand, stride]) =>
    bytesOf(spec.operands[operand]?.tensor.storage ?? 'f32', stride),
  );
  for (const [alignment, before] of [
    [PART_ALIGNMENT, 0],
    [16, PART_ALIGNMENT],
  ] as const) {
    const fitting = Math.min(...rows.map((bytes) => Math.floor((limit - before) / bytes)));
    let unit = 1;
    while (rows.some((bytes) => (unit * bytes) % alignment !== 0)) unit *= 2;
    if (fitting >= unit) return fitting - (fitting % unit);
  }
  return 0;
}

const bytesOf = (storage: StorageDType, elements: number): number =>
  (elements * storageBits(storage)) / 8;

/** The kernel over `count` places of the axis from `first` on. */
function part(
  spec: SingleSpec,
  axis: Axis,
  large: ReadonlySet<number>,
  first: number,
  count: number,
): SingleSpec {
  const within = count === 1 ? constant(0) : variable(axis.name, count);
  const placed = addConstant(within, first);
  const values = new Values();
  const done = new Map<Value, Value>();
  const gathered = new Map<string, Index>();

  const at = (index: Index, through: readonly Gathered[], isLarge = false): Index => {
    for (const { name, value, size } of through)
      if (!gathered.has(name)) gathered.set(name, values.gathered(moved(value), size));
    return substitute(index, (name) =>
      name === axis.name ? (isLarge ? within : placed) : gathered.get(name),
    );
  };
  const moved = (value: Value): Value => {
    const seen = done.get(value);
    if (seen !== undefined) return seen;
    const made = rebuilt(value);
    done.set(value, made);
    return made;
  };
  const rebuilt = (v: Value): Value => {
    switch (v.kind) {
      case 'literal':
        return values.literal(v.value, v.dtype);
      case 'reduced':
        return values.reduced(v.reduction, v.dtype);
      case 'index':
        return values.index(at(v.index, v.through));
      case 'load': {
        const index = at(v.index, v.through, large.has(v.operand));
        return values.load(v.operand, v.storage, v.dtype, index);
      }
      case 'cast':
        return values.cast(moved(v.arg), v.dtype);
      case 'apply':
        return values.apply(v.fn, v.args.map(moved), v.dtype);
      case 'guarded': {
        const guards = v.guards.map((g) => ({ ...g, index: at(g.index, v.through) }));
        return values.guarded(guards, moved(v.inside), moved(v.outside));
      }
    }
  };
  const axes = (list: readonly Axis[]): readonly Axis[] =>
    list.map((a) => (a.name === axis.name ? { ...a, size: count } : a));
  const reductions = <R extends { readonly body: Value }>(list: readonly R[]): readonly R[] =>
    list.map((r) => ({ ...r, body: moved(r.body) }));
  // Reductions come first, in order: later values may use them.
  const own = ((): SingleSpec => {
    switch (spec.kind) {
      case 'map':
        return { ...spec, axes: axes(spec.axes) };
      case 'row':
        return { ...spec, axes: axes(spec.axes), reductions: reductions(spec.reductions) };
      case 'prefix':
        return { ...spec, axes: axes(spec.axes), body: moved(spec.body) };
      case 'contract': {
        const { contraction: c, lines, blocks } = spec;
        const sides = { batch: axes(c.batch), m: axes(c.m), n: axes(c.n) };
        return {
          ...spec,
          contraction: { ...c, ...sides, a: moved(c.a), b: moved(c.b) },
          ...(lines === undefined
            ? {}
            : { lines: { ...lines, reductions: reductions(lines.reductions) } }),
          ...(blocks === undefined
            ? {}
            : { blocks: { ...blocks, reductions: reductions(blocks.reductions) } }),
        };
      }
    }
  })();
  const stores = spec.stores.map(
    (s): Store => ({
      ...s,
      index: at(s.index, [], large.has(s.operand)),
      value: moved(s.value),
    }),
  );
  const operands = spec.operands.map((o, operand) => {
    if (!large.has(operand)) return o;
    const elements = (o.tensor.elements / axis.size) * count;
    return { ...o, tensor: { ...o.tensor, elements } };
  });
  return { ...own, operands, stores };
}
