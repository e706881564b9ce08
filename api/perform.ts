/** Doing one thing to tensors: in the model that is being built, or else at a desk, where it can be done again in any model. */
import type { Value } from '../compiler/elaborate/value.ts';
import { type Building, current, within } from './building.ts';
import type { CallSite } from './call-site.ts';
import { deskOf, fromValue, isInitial, makeInitial, type Recipe } from './convert.ts';
import { newDesk } from './desk.ts';
import { UsageError } from './usage-error.ts';

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
  const value = again(desk);
  checkOwnsNothing(desk);
  return fromValue(desk, value, again);
}

/** A desk has nobody who would train or keep them. */
function checkOwnsNothing({ run }: Building): void {
  const [first] = run.registry.tensors.values();
  if (first === undefined) return;
  // What was at the desk before goes on to be computed there.
  run.registry.tensors.clear();
  throw new UsageError(
    `a layer with parameters (\`${first.path}\`) is applied outside of a model`,
    'apply it in `model(…)`, and ask a session: `(await net.open()).predict(…)`',
  );
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
