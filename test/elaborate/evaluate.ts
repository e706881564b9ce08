/** Values of a model's outputs for tests, through the interpreter. */

import { type NdArray, ndArray } from '../../compiler/graph/nd-array.ts';
import type { Node } from '../../compiler/graph/node.ts';
import { initialValues } from '../../compiler/initial-values.ts';
import { interpret } from '../../compiler/interpret/interpret.ts';
import { type Model, persistentTensors } from '../../compiler/model.ts';
import { bindSizes } from '../../compiler/rewrite/bind.ts';
import { modelOf } from './elaborate-text.ts';

export interface Given {
  readonly sizes?: Readonly<Record<string, number>>;
  /** Values of inputs, parameters and states by name or path; `step` too. */
  readonly values?: Readonly<Record<string, NdArray>>;
}

/** Values of nodes; parameters and states that are not given have their initial values. */
export function valuesOf(model: Model, nodes: readonly Node[], given: Given = {}): NdArray[] {
  const sizes = given.sizes ?? {};
  const tensors = persistentTensors(model);
  const initial = initialValues(model.graph, tensors, sizes);
  const known = new Map<string, NdArray>(
    tensors.flatMap((t, i) => (initial[i] ? [[t.path, initial[i]]] : [])),
  );
  known.set('step', ndArray('f32', [], [0]));
  for (const [name, value] of Object.entries(given.values ?? {})) known.set(name, value);
  return interpret(bindSizes(model.graph, nodes, sizes), (node) =>
    node.op.name === 'input' ? known.get(String(node.attrs['name'])) : undefined,
  );
}

/** Outputs of a text as plain numbers, by name. */
export function outputsOf(text: string, given: Given = {}): Record<string, number[]> {
  const model = modelOf(text);
  const { outputs } = model.evaluation;
  const values = valuesOf(
    model,
    outputs.map((o) => o.node),
    given,
  );
  return Object.fromEntries(outputs.map((o, i) => [o.name, [...(values[i]?.data ?? [])]]));
}

export const shapesOf = (model: Model): string[] =>
  model.evaluation.outputs.map(
    (o) =>
      `${o.name} ${o.node.type.dtype}[${o.node.type.shape.map((d) => (typeof d === 'number' ? d : d.key)).join(', ')}]`,
  );
