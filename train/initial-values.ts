/** The values that parameters, states and optimizer slots begin with: computed on the CPU, so equal on every device. */

import type { NdArray } from '../compiler/graph/nd-array.ts';
import { interpret } from '../compiler/interpret/interpret.ts';
import { type Model, persistentTensors } from '../compiler/model.ts';
import type { Session } from '../runtime/index.ts';

/** As the runtime takes them: f32 as floats, bools and unsigned integers as u32. */
export function typedValues({ dtype, data }: NdArray): ArrayBufferView | readonly number[] {
  switch (dtype) {
    case 'f32':
      return Float32Array.from(data);
    case 'i32':
      return Int32Array.from(data);
    case 'u32':
    case 'bool':
      return Uint32Array.from(data);
    case 'f16':
      return Array.from(data);
    default:
      return dtype satisfies never;
  }
}

/** Writes them to the device, and sets the step counter and the metric sums to 0. */
export function initialise(session: Session, model: Model): void {
  const params = new Set(model.params);
  const tensors = persistentTensors(model);
  // One by one: all of them together may take more memory than there is.
  for (const tensor of tensors) {
    const [value] = interpret([tensor.init], () => undefined);
    if (value === undefined) continue;
    const role = params.has(tensor) ? 'param' : 'state';
    session.write(tensor.path, typedValues(value), { role });
  }
  for (const { name, role } of session.plan.tensors)
    if (role === 'counter') session.write(name, [0], { role });
  session.metrics.reset();
}
