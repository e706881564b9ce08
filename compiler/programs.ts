/** What a model's programs compute: which results a training step, an evaluation and a prediction have. */
import * as build from './builder.ts';
import type { Graph } from './graph/graph.ts';
import type { Node } from './graph/node.ts';
import { InternalError } from './internal-error.ts';
import type { Elaboration, Model, NamedNode } from './model.ts';
import type { Result } from './program-graph.ts';
import { type SectionSet, sectionResults } from './train-step.ts';

/** A training step, an evaluation or a prediction. */
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

/**
 * Results of a program over symbolic sizes; a training step is one in which `sections` run. Losses and
 * metrics are those at its beginning, and so are the values that the model's own updates are made of.
 */
export function programResults(model: Model, kind: ProgramKind, sections?: SectionSet): Result[] {
  switch (kind) {
    case 'train':
      return [
        ...metricResults(model, model.training),
        ...sectionResults(model, sections),
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
  const minimised = minimisedLosses(model, e);
  const [first, ...rest] = minimised.map((l) => l.node);
  const total =
    first === undefined
      ? []
      : [{ name: LOSS, node: rest.reduce((s, l) => build.add(graph, s, l), first) }];
  const parts = e.losses.length > 1 ? e.losses : [];
  const named = [...total, ...parts, ...e.metrics];
  return named.filter((s, i) => named.findIndex((t) => t.name === s.name) === i);
}

/** The losses whose sum is reported as `loss`: none where sections minimise different ones, or one of them has that name for itself. */
function minimisedLosses(model: Model, e: Elaboration): readonly NamedNode[] {
  const sets = model.optimization?.sections.map((section) => section.losses) ?? [];
  const minimised = e.losses.filter((l) => sets.every((names) => names.includes(l.name)));
  if (minimised.length === e.losses.length) return minimised;
  const one = sets.every((names) => names.length === minimised.length);
  return one && !e.losses.some((l) => l.name === LOSS) ? minimised : [];
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

/** The model's own: states, and parameters updated by hand. */
function updateResults(model: Model): Result[] {
  const inputs = new Map([...model.params, ...model.states].map((t) => [t.path, t.node]));
  return model.training.updates.map(({ path, node }): Result => {
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
