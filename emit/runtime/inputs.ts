/** Inputs are checked, all of them before the first is uploaded. */
import { arrays, elementsOf, typeText } from './arrays.ts';
import type { Gpu } from './gpu.ts';
import type { TensorPlan, TensorPlans } from './types.ts';
import { writeBytes } from './write.ts';

/** Inputs by name, as a caller that TypeScript does not watch may give them. */
export type Given = Readonly<Record<string, unknown>> | undefined;

export function writeInputs(gpu: Gpu, plans: TensorPlans, given: Given): void {
  const views = Object.entries(plans).map(([name, plan]) => {
    const view = viewOf(name, given, plans);
    checkInput(name, plan, view);
    return { plan, bytes: new Uint8Array(view.buffer, view.byteOffset, view.byteLength) };
  });
  for (const { plan, bytes } of views) writeBytes(gpu, plan, bytes);
}

/** The input of this name. Throws where it is missing, or where there is one that nobody knows. */
export function viewOf(
  name: string,
  given: Given,
  plans: TensorPlans,
): ArrayBufferView & { readonly length?: number } {
  const names = Object.keys(plans);
  const strange = Object.keys(given ?? {}).find((one) => !names.includes(one));
  const known = `the inputs are { ${names.join(', ')} }`;
  if (strange !== undefined) throw new Error(`there is no input \`${strange}\`: ${known}`);
  const value = given?.[name];
  if (value === undefined) throw new Error(`the input \`${name}\` is missing: ${known}`);
  if (ArrayBuffer.isView(value)) return value;
  const wanted = plans[name] === undefined ? '' : ` (${typeText(plans[name])})`;
  throw new Error(
    `\`${name}\`${wanted} must be a typed array, not ${Object.prototype.toString.call(value).slice(8, -1)}`,
  );
}

function checkInput(
  name: string,
  plan: TensorPlan,
  view: ArrayBufferView & { length?: number },
): void {
  const { taken } = arrays[plan.dtype];
  const what = `\`${name}\` is ${typeText(plan)}`;
  // The tag rather than `instanceof`, which fails for arrays of another frame.
  const found = Object.prototype.toString.call(view).slice(8, -1);
  if (!taken.includes(found))
    throw new Error(`${what}: a ${taken.join(' or ')} is expected, not a ${found}`);
  const wanted = elementsOf(plan);
  if (view.length !== wanted)
    throw new Error(`${what}: ${wanted} values are expected, there are ${view.length}`);
}
