/** Iteration variables from a flat index. */
import { type Index, unflatten } from '../index/index-expr.ts';
import type { Axis } from './spec.ts';

/** Row-major over the axes. The simplifier puts `a*n + b` back together where a flat index is meant. */
export function placeOf(axes: readonly Axis[], flat: Index): [string, Index][] {
  const [first] = axes;
  if (first === undefined) return [];
  if (axes.length === 1) return [[first.name, flat]];
  const at = unflatten(
    flat,
    axes.map((a) => a.size),
  );
  return axes.map((a, i) => [a.name, at[i] ?? flat]);
}
