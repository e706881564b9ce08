/** One step of one program on given values: for checking what a device computes against the interpreter. */

import { type NdArray, ndArray } from '../compiler/graph/nd-array.ts';
import type { Model } from '../compiler/model.ts';
import type { Result } from '../compiler/program-graph.ts';
import { type ProgramKind, programResults } from '../compiler/programs.ts';
import type { SectionSet } from '../compiler/train-step.ts';
import type { PlanTensor, Session } from '../runtime/index.ts';
import { arrayOf, numbersOf } from './element-arrays.ts';

/**
 * The results of the program called `name`, in the order of `programResults`. `values` holds every
 * input, parameter, state, counter and sum that the program reads, by name.
 */
export async function runProgram(
  session: Session,
  model: Model,
  program: { readonly kind: ProgramKind; readonly name: string; readonly sections?: SectionSet },
  values: ReadonlyMap<string, NdArray>,
): Promise<NdArray[]> {
  const { kind, name, sections } = program;
  const batch: Record<string, ArrayBufferView> = {};
  for (const tensor of session.plan.tensors) {
    const value = values.get(tensor.name);
    if (value === undefined || tensor.role === 'output') continue;
    const array = arrayOf(tensor.dtype, value.data);
    if (tensor.role !== 'input') session.write(tensor.name, array, tensor);
    else if (tensor.program === name) batch[tensor.name] = array;
  }
  await session.runner(name).run([batch]);
  const results: NdArray[] = [];
  for (const { node, target } of programResults(model, kind, sections)) {
    const tensor = tensorOf(session, target, name);
    const data = (await session.read([tensor.name], tensor)).get(tensor.name);
    const numbers = data && numbersOf(tensor.dtype, data);
    results.push(ndArray(node.type.dtype, tensor.shape, numbers));
  }
  return results;
}

function tensorOf({ plan }: Session, target: Result['target'], program: string): PlanTensor {
  const [name, roles] =
    target.kind === 'output'
      ? [target.name, ['output']]
      : [String(target.input.attrs['name']), ['param', 'state', 'counter', 'metric']];
  const found = plan.tensors.find(
    (one) =>
      one.name === name &&
      roles.includes(one.role) &&
      (one.program === undefined || one.program === program),
  );
  if (found === undefined) throw new RangeError(`the plan has no ${name}`);
  return found;
}
