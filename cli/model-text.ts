/** A model in one phrase. */
import type { Model, ModelTensor } from '../compiler/model.ts';
import { counted } from './numbers.ts';

/** `203,530 parameters in 4 tensors`. */
export function parametersText({ params, states }: Model): string {
  const total = `${counted(elements(params), 'parameter')} in ${counted(params.length, 'tensor')}`;
  return states.length === 0 ? total : `${total}, ${counted(states.length, 'state')}`;
}

const elements = (tensors: readonly ModelTensor[]): number =>
  tensors.reduce(
    (sum, { node }) => sum + node.type.shape.map(Number).reduce((a, b) => a * b, 1),
    0,
  );
