/** Facts about sizes: decided now where the polynomials decide them, else checked when sizes are bound. */
import { type Dim, dimKey, dimText, modDims, subDims } from '../graph/dim.ts';
import type { Guard } from '../model.ts';
import { lineOf, type Run, userPlace } from './run.ts';
import { hasOpenSize } from './sizes.ts';
import type { Place } from './value.ts';

type Relation = Guard['holds']['relation'];

/** Whether `left <= right` holds; undefined (with a guard noted) where only binding can tell. */
export function atMost(run: Run, left: Dim, right: Dim, place: Place): boolean {
  const slack = subDims(right, left);
  if (typeof slack === 'number') return slack >= 0;
  if (isNeverNegative(slack)) return true;
  addGuard(run, left, '<=', right, place);
  return true;
}

/** Whether `by` divides `size`, or is to be checked when bound. */
export function divides(run: Run, by: Dim, size: Dim, place: Place): boolean {
  const rest = modDims(size, by);
  if (typeof rest === 'number') return rest === 0;
  addGuard(run, size, '%', by, place);
  return true;
}

/** A sum of sizes without a minus: sizes are at least 1. */
const isNeverNegative = (d: Dim): boolean =>
  typeof d === 'number' ? d >= 0 : d.terms.every((t) => t.coefficient >= 0) || constantBelowOne(d);

/** `n - 1` is not negative either. */
function constantBelowOne(d: Dim): boolean {
  if (typeof d === 'number') return d >= 0;
  const constant = d.terms.find((t) => t.factors.length === 0)?.coefficient ?? 0;
  const others = d.terms.filter((t) => t.factors.length > 0);
  if (others.some((t) => t.coefficient < 0 || t.factors.some((f) => f.atom.kind !== 'symbol')))
    return false;
  return others.reduce((s, t) => s + t.coefficient, 0) + constant >= 0;
}

export function addGuard(
  run: Run,
  left: Dim,
  relation: Relation,
  right: Dim,
  place: Place,
  spelled?: string,
): void {
  const open = [left, right].some(hasOpenSize);
  if (open) return;
  const key = `${dimKey(left)} ${relation} ${dimKey(right)}`;
  if (run.registry.guards.has(key)) return;
  const at = userPlace(run, place);
  const [l, r] = balanced(left, right, relation);
  const text =
    spelled ??
    (relation === '%'
      ? `${dimText(l)} % ${dimText(r)} == 0`
      : `${dimText(l)} ${relation} ${dimText(r)}`);
  run.registry.guards.set(key, {
    text: `${text} (${at.source.name}:${lineOf(at)})`,
    holds: { left, relation, right },
  });
}

/** For reading, constants go to the other side: `7 <= t - 7` is `14 <= t`. */
function balanced(left: Dim, right: Dim, relation: Relation): [Dim, Dim] {
  if (relation === '%') return [left, right];
  const constant =
    typeof right === 'number'
      ? 0
      : (right.terms.find((t) => t.factors.length === 0)?.coefficient ?? 0);
  return [subDims(left, constant), subDims(right, constant)];
}
