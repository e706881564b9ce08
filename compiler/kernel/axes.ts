/** Iteration variables from a flat index. */
import { type Index, unflatten } from '../index/index-expr.ts';
import type { Axis } from './spec.ts';

/** Row-major over the axes. The simplifier puts `a*n + b` back together where a flat index is meant. */
export function placeOf(axes: readonly Axis[], flat: Index): [string, Index][] {
  const at = unflatten(
    flat,
    axes.map((a) => a.size),
  );
  return axes.flatMap((a, i) => {
    const index = at[i];
    return index === undefined ? [] : [[a.name, index] as [string, Index]];
  });
}
