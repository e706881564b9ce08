/** How partial results of a reduction start, take in a value, and merge; shared by all lowerings. */
import type { DType } from '../graph/dtype.ts';
import type { Combine } from '../graph/node.ts';
import { add, and, eq, gt, lt, max, min, mul, or, select } from '../scalar/intrinsics.ts';
import type { Intrinsic } from '../scalar/scalar.ts';
import { component, splat } from './emit-value.ts';
import { type Expr, literal, type ValueType } from './ir.ts';
import type { KernelBuilder } from './kernel-builder.ts';
import type { Reduction } from './spec.ts';

const LOWEST: Readonly<Record<DType, number>> = {
  f32: -3.4028234663852886e38,
  f16: -65504,
  i32: -2147483648,
  u32: 0,
  bool: 0,
};
const HIGHEST: Readonly<Record<DType, number>> = {
  f32: 3.4028234663852886e38,
  f16: 65504,
  i32: 2147483647,
  u32: 4294967295,
  bool: 1,
};

const startOf = (combine: Combine, dtype: DType): number => {
  switch (combine) {
    case 'sum':
      return 0;
    case 'prod':
      return 1;
    case 'max':
    case 'argmax':
      return LOWEST[dtype];
    case 'min':
    case 'argmin':
      return HIGHEST[dtype];
  }
};

const functionOf = (combine: Combine, dtype: DType): Intrinsic => {
  if (dtype === 'bool') return combine === 'max' ? or : and;
  switch (combine) {
    case 'sum':
      return add;
    case 'prod':
      return mul;
    case 'max':
    case 'argmax':
      return max;
    case 'min':
    case 'argmin':
      return min;
  }
};

const isArg = (combine: Combine): boolean => combine === 'argmax' || combine === 'argmin';

export const merge = (combine: Combine, a: Expr, b: Expr): Expr => ({
  kind: 'apply',
  fn: functionOf(combine, a.type.dtype),
  args: [a, b],
  type: a.type,
});

/** The running state of one reduction: the best value, and for arg-reductions where it was. */
export interface Accumulator {
  readonly combine: Combine;
  readonly best: Expr;
  readonly where?: Expr;
}

export function startAccumulator(b: KernelBuilder, r: Reduction, width: 1 | 4): Accumulator {
  const best = b.variable('acc', literal(startOf(r.combine, r.dtype), { dtype: r.dtype, width }));
  if (!isArg(r.combine)) return { combine: r.combine, best };
  return { combine: r.combine, best, where: b.variable('at', literal(0, { dtype: 'i32', width })) };
}

/** Takes in a value at a position (an i32 of the same width). Written as statements, since accumulators change. */
export function accumulate(
  b: KernelBuilder,
  acc: Accumulator,
  value: Expr,
  position: () => Expr,
): void {
  const wide = acc.best.type.width === 4 ? splat(value) : value;
  if (acc.where === undefined) {
    b.assign(acc.best, merge(acc.combine, acc.best, wide));
    return;
  }
  const type: ValueType = { dtype: 'bool', width: acc.best.type.width };
  const better = b.bind(
    { kind: 'apply', fn: acc.combine === 'argmax' ? gt : lt, args: [wide, acc.best], type },
    'better',
    true,
  );
  const at = acc.best.type.width === 4 ? splat(position()) : position();
  b.assign(acc.best, {
    kind: 'apply',
    fn: select,
    args: [better, wide, acc.best],
    type: acc.best.type,
  });
  b.assign(acc.where, {
    kind: 'apply',
    fn: select,
    args: [better, at, acc.where],
    type: acc.where.type,
  });
}

/** Four lanes into one value. Not for arg-reductions. */
export function mergeLanes(b: KernelBuilder, acc: Accumulator): Expr {
  if (acc.best.type.width === 1) return acc.best;
  const [x, y, z, w] = [0, 1, 2, 3].map((lane) => component(acc.best, lane)) as [
    Expr,
    Expr,
    Expr,
    Expr,
  ];
  return b.bind(
    merge(acc.combine, merge(acc.combine, x, y), merge(acc.combine, z, w)),
    'total',
    true,
  );
}

/** Merges two states of an arg-reduction: the better value, and of equals the earlier one. */
export function earlierOrBetter(
  combine: Combine,
  best: Expr,
  where: Expr,
  otherBest: Expr,
  otherWhere: Expr,
): Expr {
  const type: ValueType = { dtype: 'bool', width: 1 };
  const better: Expr = {
    kind: 'apply',
    fn: combine === 'argmax' ? gt : lt,
    args: [otherBest, best],
    type,
  };
  const equal: Expr = { kind: 'apply', fn: eq, args: [otherBest, best], type };
  const earlier: Expr = { kind: 'apply', fn: lt, args: [otherWhere, where], type };
  return {
    kind: 'apply',
    fn: or,
    args: [better, { kind: 'apply', fn: and, args: [equal, earlier], type }],
    type,
  };
}

/** Reductions that can share one loop: none of a group uses another of the group. */
export function groupByLevel(reductions: readonly Reduction[]): number[][] {
  const levels: number[] = [];
  reductions.forEach((r, i) => {
    let level = 0;
    for (const use of r.body.uses)
      if (use.startsWith('#')) level = Math.max(level, (levels[Number(use.slice(1))] ?? 0) + 1);
    levels[i] = level;
  });
  const groups: number[][] = Array.from(
    { length: Math.max(0, ...levels.map((l) => l + 1)) },
    () => [],
  );
  levels.forEach((level, i) => {
    groups[level]?.push(i);
  });
  return groups;
}
