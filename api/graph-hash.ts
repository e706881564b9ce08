/**
 * A mark of what a model computes: equal for a file and the program that builds the same graph. Covers inputs,
 * parameters with their initial values, states, outputs, losses, metrics, updates, expectations and the optimizer, by name;
 * not where anything stands, nor which constants may be differentiated by.
 */
import { shapeText } from '../compiler/graph/dim.ts';
import type { Node } from '../compiler/graph/node.ts';
import { attrsText } from '../compiler/graph/print.ts';
import { reachable } from '../compiler/graph/walk.ts';
import { createHash } from '../compiler/hash.ts';
import type { Elaboration, Model, ModelTensor, NamedNode } from '../compiler/model.ts';
import { dropVariables } from '../compiler/rewrite/drop-marks.ts';

/** Equal for models that compute the same, however they were written. */
export function graphHash(model: Model): string {
  const results = resultsOf(model);
  const nodes = dropVariables(
    model.graph,
    results.map((one) => one.node),
  );
  // Of what a node computes, not of when it was made: programs may say the same in another order.
  const marks = new Map<Node, string>();
  for (const node of reachable(nodes)) {
    const { dtype, shape } = node.type;
    const inputs = node.inputs.map((input) => marks.get(input));
    const text = `${node.op.name}${attrsText(node.attrs)}(${inputs.join()}): ${dtype}${shapeText(shape)}`;
    marks.set(node, markOf(text));
  }
  const named = results.map(({ name }, i) => `${name} = ${marks.get(nodes[i] as Node)}`);
  const train = Object.entries(model.train).map(
    ([key, value]) => `${key}: ${JSON.stringify(value)}`,
  );
  return markOf([...named.sort(), ...train.sort()].join('\n'));
}

function markOf(text: string): string {
  const hash = createHash();
  hash.text(text);
  return hash.digest();
}

/** Everything that a model computes, each under a name that tells what it is for. */
export function resultsOf(model: Model): readonly NamedNode[] {
  const { optimization } = model;
  return [
    ...model.inputs.map(({ name, node }) => ({ name: `input ${name}`, node })),
    ...initialOf('param', model.params),
    ...initialOf('state', model.states),
    ...initialOf('slot', optimization?.slots ?? []),
    ...elaborated('train', model.training),
    ...elaborated('eval', model.evaluation),
    ...(optimization?.sections ?? []).flatMap((section) =>
      [...section.updates, ...section.slotUpdates].map(({ path, node }) => ({
        name: `${section.name ?? 'train'} every ${section.every} of ${section.losses.join('+')}: ${path}`,
        node,
      })),
    ),
  ];
}

const initialOf = (what: string, tensors: readonly ModelTensor[]): NamedNode[] =>
  tensors.flatMap(({ path, node, init }) => [
    { name: `${what} ${path}`, node },
    { name: `${what} ${path} at first`, node: init },
  ]);

const elaborated = (when: string, e: Elaboration): NamedNode[] => [
  ...(['outputs', 'losses', 'metrics'] as const).flatMap((what) =>
    e[what].map(({ name, node }) => ({ name: `${when} ${what} ${name}`, node })),
  ),
  ...e.updates.map(({ path, node }) => ({ name: `${when} update ${path}`, node })),
  ...e.expects.map(({ node }, i) => ({ name: `${when} expect ${i}`, node })),
];
