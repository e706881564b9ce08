/** The part of a model that a module needs: for prediction alone, neither losses nor the optimizer's slots. */
import type { Node } from '../compiler/graph/node.ts';
import { reachable } from '../compiler/graph/walk.ts';
import type { Elaboration, Model } from '../compiler/model.ts';
import { programResults } from '../compiler/programs.ts';

/** Only what the outputs need: other parameters would take memory, and be asked for. */
export function inferenceModel(model: Model): Model {
  const used = new Set<Node>(reachable(programResults(model, 'predict').map(({ node }) => node)));
  const { optimization: _, ...rest } = model;
  return {
    ...rest,
    params: model.params.filter(({ node }) => used.has(node)),
    states: model.states.filter(({ node }) => used.has(node)),
    training: outputsOnly(model.training),
    evaluation: outputsOnly(model.evaluation),
  };
}

const outputsOnly = ({ outputs }: Elaboration): Elaboration => ({
  outputs,
  losses: [],
  metrics: [],
  updates: [],
  expects: [],
});
