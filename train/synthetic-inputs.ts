/** Seeded data for the inputs of one program, where nobody has real ones: for measuring what a step takes. */
import { uniformData } from '../compiler/elaborate/expectations.ts';
import type { Model } from '../compiler/model.ts';
import type { Batch, Plan } from '../runtime/index.ts';
import { arrayOf } from './element-arrays.ts';

/** Floats from -1 to 1, whole numbers within the bound of what they choose from, else bytes: as `nnc test` has them. */
export function syntheticInputs(
  model: Model,
  plan: Plan,
  program: string,
  seed = 0,
): NonNullable<Batch> {
  const dims = plan.programs.find(({ name }) => name === program)?.dims ?? {};
  const needed = new Set(
    plan.tensors.filter((t) => t.role === 'input' && t.program === program).map((t) => t.name),
  );
  return Object.fromEntries(
    model.inputs
      .filter(({ name }) => needed.has(name))
      .map((input) => [input.name, arrayOf(input.storage, uniformData(input, seed, dims).data)]),
  );
}
