/** A random expression of a type: makers in random order until one has it, leaves where it is deep enough. */
import { shuffled } from '../../random.ts';
import { calls } from './calls.ts';
import { leaf } from './leaves.ts';
import { type Made, pick, type Scope, type Size, type Type } from './made.ts';
import { maps } from './maps.ts';
import { sums } from './sums.ts';
import { views } from './views.ts';

const families = [maps, maps, views, sums, calls];

export function expression(s: Scope, type: Type, depth: number): Made {
  if (depth <= 0 || (s.random(4) === 0 && type.shape.length > 0)) return leaf(s, type);
  const make = (inner: Type): Made => expression(s, inner, depth - 1 - s.random(2));
  // Four axes and more are hardly ever asked for by people, and grow fast.
  if (type.shape.length > 3) return leaf(s, type);
  for (const maker of shuffled(s.random, pick(s, families))) {
    const made = maker(s, type, make);
    if (made !== undefined) return made;
  }
  return leaf(s, type);
}

const shapes: readonly (readonly Size[])[] = [
  ...[[], [3], [4], ['n'], ['n', 3], ['n', 4], [2, 3], [4, 3], [4, 4]],
  ...[
    ['n', 1],
    ['n', 2, 3],
    ['n', 't', 4],
    ['n', 't'],
  ],
] as const;

export const someType = (s: Scope): Type => ({
  element: pick(s, ['f32', 'f32', 'f32', 'f32', 'i32', 'bool'] as const),
  shape: pick(s, shapes),
});
