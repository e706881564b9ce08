/** Writes the values that parameters, states and optimizer slots begin with. */

import { initialValues } from '../compiler/initial-values.ts';
import { type Model, type ModelTensor, persistentTensors } from '../compiler/model.ts';
import { storageOf } from '../compiler/ops/leaf.ts';
import type { Session } from '../runtime/index.ts';
import { arrayOf } from './element-arrays.ts';

/** To the device; sets the step counter and the metric sums to 0. */
export function initialise(session: Session, model: Model): void {
  initialiseTensors(session, model, persistentTensors(model));
  for (const { name, role } of session.plan.tensors)
    if (role === 'counter') session.write(name, [0], { role });
  session.metrics.reset();
}

/** Only these. */
export function initialiseTensors(
  session: Session,
  model: Model,
  tensors: readonly ModelTensor[],
): void {
  const params = new Set(model.params);
  // One by one: all of them together may take more memory than there is.
  for (const tensor of tensors) {
    const [value] = initialValues(model.graph, [tensor]);
    if (value === undefined) continue;
    const role = params.has(tensor) ? 'param' : 'state';
    session.write(tensor.path, arrayOf(storageOf(tensor.node), value.data), { role });
  }
}
