/** Numbers of a device beside the exact ones and what rounding may make of them. */
import type { StorageDType } from '../compiler/graph/dtype.ts';
import type { Node } from '../compiler/graph/node.ts';
import { unitInLastPlace } from './accuracy.ts';
import type { Bounded } from './error-bounds.ts';

export interface Comparison {
  readonly compared: number;
  /** Of which nothing can be said: beyond the range of the type, or where rounding alone decides between two values. */
  readonly unknown: number;
  readonly wrong: number;
  /** Where the difference is largest in proportion to what is allowed. */
  readonly worst?: Worst;
}

export interface Worst {
  readonly node: Node;
  /** Flat index. */
  readonly element: number;
  readonly expected: number;
  readonly found: number;
  /** The difference that rounding may make. */
  readonly allowed: number;
  /** The difference, in proportion to that; infinite for what must be equal. */
  readonly share: number;
}

/** The bound is of first order, and a compiler may write a formula in another way: twice of it is allowed. */
const MARGIN = 2;

export function compareNumbers(
  node: Node,
  storage: StorageDType,
  { value, error }: Bounded,
  found: ArrayLike<number>,
): Comparison {
  const rounding = storage === 'f16' ? unitInLastPlace('f16') : storage === 'bf16' ? 2 ** -8 : 0;
  let [compared, unknown, wrong] = [0, 0, 0];
  let worst: Worst | undefined;
  value.data.forEach((expected, element) => {
    const bound = error[element] ?? 0;
    if (!Number.isFinite(bound) || !Number.isFinite(expected)) {
      unknown += 1;
      return;
    }
    compared += 1;
    const allowed = MARGIN * (bound + rounding * Math.abs(expected));
    const number = found[element] ?? Number.NaN;
    const difference = Math.abs(number - expected);
    const share = difference === 0 ? 0 : Number.isNaN(difference) ? Infinity : difference / allowed;
    if (share > 1) wrong += 1;
    if (worst === undefined || share > worst.share)
      worst = { node, element, expected, found: number, allowed, share };
  });
  return { compared, unknown, wrong, ...(worst === undefined ? {} : { worst }) };
}

/** All of them as one. */
export function together(comparisons: readonly Comparison[]): Comparison {
  const sum = (of: (c: Comparison) => number): number => comparisons.reduce((n, c) => n + of(c), 0);
  const [worst] = comparisons.flatMap((c) => c.worst ?? []).sort((a, b) => b.share - a.share);
  return {
    compared: sum((c) => c.compared),
    unknown: sum((c) => c.unknown),
    wrong: sum((c) => c.wrong),
    ...(worst === undefined ? {} : { worst }),
  };
}
