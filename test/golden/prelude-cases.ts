/** Golden cases elaborated from texts: the outputs of the file, and gradients by inputs and parameters. */
import * as b from '../../compiler/builder.ts';
import type { DType } from '../../compiler/graph/dtype.ts';
import type { Node } from '../../compiler/graph/node.ts';
import type { Model } from '../../compiler/model.ts';
import { modelOf } from '../support/model.ts';
import { type BuiltCase, gradientsOf } from './cases.ts';
import type { GoldenCase, GoldenSet } from './load.ts';
import { activationCases } from './prelude-activations.ts';
import { attentionCases } from './prelude-attention.ts';
import type { PreludeCase, PreludeTable } from './prelude-case.ts';
import { lossCases } from './prelude-losses.ts';
import { normCases } from './prelude-norms.ts';

export const preludeTable: PreludeTable = {
  ...activationCases,
  ...lossCases,
  ...normCases,
  ...attentionCases,
};

/** The whole file: a declaration for each operand that is no parameter, then the statements. */
export function preludeText(c: GoldenCase): { text: string; of: PreludeCase } {
  const entry = preludeTable[c.expr]?.(c);
  if (entry === undefined) throw new Error(`${c.id}: nothing is written for "${c.expr}"`);
  const of = typeof entry === 'string' ? { text: entry } : entry;
  const inputs = c.inputs.flatMap((x) =>
    of.owned?.[x.name] === undefined
      ? [`input ${x.name}: ${x.dtype}${x.shape.length === 0 ? '' : JSON.stringify(x.shape)}\n`]
      : [],
  );
  return { text: `${inputs.join('')}${of.text}\n`, of };
}

export function buildPreludeCase(set: GoldenSet, c: GoldenCase): BuiltCase {
  const { text, of } = preludeText(c);
  const model = modelOf(text, c.id);
  const { graph } = model;
  const operands = c.inputs.map((x) => ({
    name: `in/${x.name}`,
    node: operand(model, of.owned?.[x.name] ?? x.name, c),
    value: set.tensor(c, `in/${x.name}`),
  }));
  const results = resultsOf(model, of);
  const cotangents = c.outputs.flatMap((o, i) => {
    if (!o.ct) return [];
    const node = b.input(graph, `ct/${i}`, 'data', o.dtype as DType, o.shape);
    return [{ name: `ct/${i}`, node, value: set.tensor(c, `ct/${i}`) }];
  });
  return {
    graph,
    inputs: [...operands, ...cotangents],
    outputs: results.map((node, i) => ({
      name: `out/${i}`,
      node,
      want: set.tensor(c, `out/${i}`),
    })),
    gradients: gradientsOf(
      set,
      c,
      graph,
      operands.map((x) => x.node),
      results,
    ),
  };
}

function operand(model: Model, path: string, c: GoldenCase): Node {
  const found =
    model.inputs.find((i) => i.name === path) ??
    [...model.params, ...model.states].find((t) => t.path === path);
  if (found === undefined) throw new Error(`${c.id}: the text has no ${path}`);
  return found.node;
}

function resultsOf(model: Model, { training }: PreludeCase): Node[] {
  if (training === undefined) return model.evaluation.outputs.map((o) => o.node);
  const next = training.map((path) => model.training.updates.find((u) => u.path === path)?.node);
  return [...model.training.outputs.map((o) => o.node), ...next.filter((n) => n !== undefined)];
}
