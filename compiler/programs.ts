/** What a model's programs compute: which results a training step, an evaluation and a prediction have. */
import * as build from './builder.ts';
import type { Graph } from './graph/graph.ts';
import type { Node } from './graph/node.ts';
import { InternalError } from './internal-error.ts';
import type { Elaboration, Model, ModelTensor } from './model.ts';
import type { Result } from './program-graph.ts';

export type ProgramKind = 'train' | 'eval' | 'predict';

/** Name of the step counter and of the summed loss among the metrics. */
export const STEP = 'step';
export const LOSS = 'loss';

/** The symbol of the leading axis that data inputs share, if they do. */
export function batchSymbol(model: Model): string | undefined {
  const symbols = new Set(
    model.inputs.map((i) => {
      const [first] = i.shape;
      return typeof first === 'object' && /^[^\W\d]\w*$/u.test(first.key) ? first.key : undefined;
    }),
  );
  const [only] = symbols;
  return symbols.size === 1 ? only : undefined;
}

/** Results of a program over symbolic sizes. */
export function programResults(model: Model, kind: ProgramKind): Result[] {
  switch (kind) {
    case 'train':
      return [
        ...metricResults(model, model.training),
        ...updateResults(model),
        counterResult(model),
      ];
    case 'eval':
      return metricResults(model, model.evaluation);
    case 'predict':
      return model.evaluation.outputs.map(
        (o): Result => ({ node: o.node, target: { kind: 'output', name: o.name } }),
      );
  }
}

/** Losses and metrics that are summed on the device, in the order they are reported: `loss` first. */
export function metricNames(model: Model, kind: 'train' | 'eval'): string[] {
  return scalarsOf(model, kind === 'train' ? model.training : model.evaluation).map((s) => s.name);
}

function scalarsOf(model: Model, e: Elaboration): { name: string; node: Node }[] {
  const { graph } = model;
  const losses = e.losses.map((l) => l.node);
  const [first, ...rest] = losses;
  const total =
    first === undefined
      ? []
      : [{ name: LOSS, node: rest.reduce((s, l) => build.add(graph, s, l), first) }];
  const parts = losses.length > 1 ? e.losses.filter((l) => l.name !== LOSS) : [];
  const named = [...total, ...parts, ...e.metrics];
  return named.filter((s, i) => named.findIndex((t) => t.name === s.name) === i);
}

/** Each sum grows by the value times the number of samples, so that epochs average by samples. */
function metricResults(model: Model, e: Elaboration): Result[] {
  const { graph } = model;
  const symbol = batchSymbol(model);
  const rows = model.inputs[0]?.shape[0];
  const weight =
    symbol === undefined || rows === undefined
      ? build.literal(graph, 1, 'f32')
      : build.size(graph, rows, 'f32');
  return scalarsOf(model, e).map(({ name, node }): Result => {
    const sum = metricInput(graph, name);
    const value = build.cast(graph, node, 'f32');
    return {
      node: build.add(graph, sum, build.mul(graph, value, weight)),
      target: { kind: 'replace', input: sum },
    };
  });
}

function updateResults(model: Model): Result[] {
  const inputs = new Map(
    [...model.params, ...model.states, ...(model.optimization?.slots ?? [])].map(
      (t: ModelTensor) => [t.path, t.node],
    ),
  );
  const updates = [
    ...(model.optimization?.updates ?? []),
    ...(model.optimization?.slotUpdates ?? []),
    ...model.training.updates,
  ];
  return updates.map(({ path, node }): Result => {
    const input = inputs.get(path);
    if (input === undefined)
      throw new InternalError('programs', `an update of the unknown tensor ${path}`);
    return { node, target: { kind: 'replace', input } };
  });
}

const counterResult = (model: Model): Result => {
  const step = stepInput(model.graph);
  return { node: build.add(model.graph, step, 1), target: { kind: 'replace', input: step } };
};

/** The number of the step, an f32 scalar on the device that every training step counts up, from 0. */
export const stepInput = (graph: Graph): Node => build.input(graph, STEP, 'counter', 'f32', []);
const metricInput = (graph: Graph, name: string): Node =>
  build.input(graph, name, 'metric', 'f32', []);
