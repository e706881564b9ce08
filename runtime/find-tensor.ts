/** Finds the tensor that a caller names. Names are unique within a role and, for outputs, a program. */
import { SessionError } from './errors.ts';
import type { Plan, PlanTensor } from './plan.ts';

/** Which tensor of several with the same name. */
export interface TensorChoice {
  readonly role?: PlanTensor['role'];
  /** For outputs. */
  readonly program?: string;
}

/** Throws SessionError when there is none, or more than one. */
export function findTensor(plan: Plan, name: string, choice: TensorChoice): PlanTensor {
  const found = plan.tensors.filter(
    (tensor) =>
      tensor.name === name &&
      (choice.role === undefined || tensor.role === choice.role) &&
      (choice.program === undefined || tensor.program === choice.program),
  );
  const [first, second] = found;
  if (first === undefined) {
    throw new SessionError(`no ${choice.role ?? 'tensor'} \`${name}\` in ${plan.name}`);
  }
  if (second !== undefined) {
    const places = found.map((one) => `${one.role}${one.program ? ` of ${one.program}` : ''}`);
    throw new SessionError(
      `\`${name}\` is the name of several tensors (${places.join(', ')}): say which`,
    );
  }
  return first;
}
