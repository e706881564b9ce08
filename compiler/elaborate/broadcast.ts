/**
 * One-sided broadcasting (language section 2.6): shapes are aligned at the right; the result must have
 * the shape of one operand, unless the ranks are equal and only literal 1s are stretched. So
 * `[n] - [n, 1]` is refused, where NumPy would silently make `[n, n]`.
 */
import type { Dim } from '../graph/dim.ts';
import { isBareSymbol, sameShape, sameSize } from './sizes.ts';

export type Broadcast =
  | { readonly kind: 'shape'; readonly shape: readonly Dim[] }
  /** Axis counted from the right (negative), and the two sizes. */
  | {
      readonly kind: 'differ';
      readonly axis: number;
      readonly left: Dim;
      readonly right: Dim;
      readonly symbols: boolean;
    }
  | { readonly kind: 'two-sided'; readonly shape: readonly Dim[] };

export function broadcast(left: readonly Dim[], right: readonly Dim[]): Broadcast {
  const rank = Math.max(left.length, right.length);
  const shape: Dim[] = [];
  for (let i = 0; i < rank; i++) {
    const a = left[left.length - rank + i] ?? 1;
    const b = right[right.length - rank + i] ?? 1;
    if (a === 1) shape.push(b);
    else if (b === 1 || sameSize(a, b)) shape.push(a);
    else
      return {
        kind: 'differ',
        axis: i - rank,
        left: a,
        right: b,
        symbols: isBareSymbol(a) && isBareSymbol(b),
      };
  }
  const oneSided = sameShape(shape, left) || sameShape(shape, right);
  return oneSided || left.length === right.length
    ? { kind: 'shape', shape }
    : { kind: 'two-sided', shape };
}
