/** Doing one thing to tensors: in the model that is being built, or else at a desk, where it can be done again in any model. */
import type { Value } from '../compiler/elaborate/value.ts';
import { type Building, current, within } from './building.ts';
import type { CallSite } from './call-site.ts';
import { deskOf, fromValue, isInitial, makeInitial, type Recipe } from './convert.ts';
import { newDesk } from './desk.ts';

export interface PerformOptions {
  /** It draws random numbers for a parameter, whose shape is not known yet. */
  readonly initial?: boolean;
}

export function perform(
  site: CallSite,
  operands: readonly unknown[],
  body: (building: Building) => Value,
  { initial = false }: PerformOptions = {},
): unknown {
  const building = current();
  const recipe: Recipe = (b) => within(b, () => b.attempt(site, () => body(b)));
  if ((initial || isInitial(operands)) && building?.run.initialiser === undefined)
    return makeInitial(recipe);
  if (building !== undefined) return fromValue(building, recipe(building));
  const path = `tensor.${count++}`;
  const again: Recipe = (b) => under(b, path, () => recipe(b));
  const desk = deskOf(operands) ?? newDesk();
  return fromValue(desk, again(desk), again);
}

/** What is computed outside of models draws its random numbers by a path of its own, so that they are the same wherever it is made again. */
function under<T>({ run }: Building, path: string, body: () => T): T {
  const outer = run.path;
  run.path = path;
  try {
    return body();
  } finally {
    run.path = outer;
  }
}
let count = 0;
