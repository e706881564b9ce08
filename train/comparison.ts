/**
 * What a confusion matrix compares: the class that a model predicts for a row, and the class that the
 * row has, both as nodes of the model's graph. They are what a metric compares, or an output and a label
 * whose shapes fit.
 */
import * as build from '../compiler/builder.ts';
import { type Dim, equalShapes } from '../compiler/graph/dim.ts';
import { isFloat } from '../compiler/graph/dtype.ts';
import type { Node } from '../compiler/graph/node.ts';
import { reachable } from '../compiler/graph/walk.ts';
import type { Model, ModelInput, NamedNode } from '../compiler/model.ts';
import type { Feed } from './feed.ts';
import { sizeIn } from './sizes.ts';

export interface Comparison {
  /** The output that says the class; the metric that compares, where no output does. */
  readonly name: string;
  /** Whole numbers or bools, of one shape. */
  readonly predicted: Node;
  readonly actual: Node;
  /** Where the rows' own class comes from. */
  readonly label: ModelInput;
}

/** What the metrics compare: both sides of an `==` of classes of which one side is computed from parameters, the other from a single input. */
export function comparedByMetrics(model: Model): readonly Comparison[] {
  const found = model.evaluation.metrics.flatMap((metric) =>
    reachable([metric.node]).flatMap((node) => comparisonAt(model, node, metric.name) ?? []),
  );
  return distinct(found);
}

function comparisonAt(model: Model, node: Node, metric: string): Comparison | undefined {
  const [left, right] = node.inputs;
  if (node.op.name !== 'eq' || left === undefined || right === undefined) return undefined;
  if (left.type.shape.length === 0 || isFloat(left.type.dtype)) return undefined;
  const [predicted, actual] = isComputed(model, left) ? [left, right] : [right, left];
  const [label, another] = inputsBelow(model, actual);
  if (!isComputed(model, predicted) || isComputed(model, actual)) return undefined;
  if (label === undefined || another !== undefined) return undefined;
  const name = outputOf(model, predicted)?.name ?? metric;
  return { name, predicted, actual, label };
}

/** The output that is this class, or the scores that it is the largest of. */
const outputOf = (model: Model, predicted: Node): NamedNode | undefined =>
  model.evaluation.outputs.find(({ node }) => node === predicted) ??
  model.evaluation.outputs.find(({ node }) => predicted.inputs.includes(node));

/** Every way to take an output for classes and an input that no output needs for the true ones. */
export function comparedByShape(model: Model): readonly Comparison[] {
  const outputs = model.evaluation.outputs;
  const needed = reachable(outputs.map((output) => output.node));
  const labels = model.inputs.filter((input) => !needed.includes(input.node));
  const found = outputs.flatMap((output) =>
    labels.flatMap((label) => compared(model, output, label) ?? []),
  );
  return distinct(found);
}

/** Undefined where their shapes and types do not fit. */
function compared(
  { graph }: Model,
  { name, node }: NamedNode,
  label: ModelInput,
): Comparison | undefined {
  const { shape } = node.type;
  const row = shape.slice(0, -1);
  const actual = label.node;
  const made = (predicted: Node, truth: Node = actual): Comparison => ({
    name,
    predicted,
    actual: truth,
    label,
  });
  if (!isFloat(node.type.dtype))
    return equalShapes(shape, actual.type.shape) ? made(node) : undefined;
  const classes = shape.at(-1);
  if (classes !== undefined && classes !== 1 && shape.length > 1) {
    const largest = (scores: Node): Node => build.reduce(graph, 'argmax', scores, -1);
    if (!isFloat(actual.type.dtype))
      return equalShapes(row, actual.type.shape) ? made(largest(node)) : undefined;
    // A 1 among 0s says the class.
    return equalShapes(shape, actual.type.shape) ? made(largest(node), largest(actual)) : undefined;
  }
  if (!isProbability(node) || !equalShapes(withoutOnes(shape), withoutOnes(actual.type.shape)))
    return undefined;
  const half = build.gt(graph, build.reshape(graph, node, actual.type.shape), 0.5);
  return made(half, isFloat(actual.type.dtype) ? build.gt(graph, actual, 0.5) : actual);
}

/** A number between 0 and 1: what `sigmoid` gives. */
function isProbability(node: Node): boolean {
  if (node.op.lowering.kind === 'view' && node.inputs[0] !== undefined)
    return isProbability(node.inputs[0]);
  return node.op.name === 'sigmoid';
}

/** How many classes there are, as far as the model says: as many as scores, two for bools, or as the label is bounded. */
export function classCount(
  { predicted, actual, label }: Comparison,
  feed: Feed,
): number | undefined {
  for (const side of [predicted, actual]) {
    if (side.type.dtype === 'bool') return 2;
    const axes = side.attrs['axes'];
    const axis = Array.isArray(axes) ? axes[0] : undefined;
    const size = typeof axis === 'number' ? side.inputs[0]?.type.shape[axis] : undefined;
    if (side.op.name === 'argmax' && size !== undefined) return sizeIn(size, feed.sizes);
  }
  return label.below === undefined ? undefined : sizeIn(label.below, feed.sizes);
}

/** The model with the two classes as its only outputs: `predicted` and `actual`. */
export const comparing = (model: Model, { predicted, actual }: Comparison): Model => ({
  ...model,
  evaluation: {
    ...model.evaluation,
    outputs: [
      { name: 'predicted', node: predicted },
      { name: 'actual', node: actual },
    ],
  },
});

const isComputed = (model: Model, node: Node): boolean => {
  const below = reachable([node]);
  return model.params.some((param) => below.includes(param.node));
};

const inputsBelow = (model: Model, node: Node): readonly ModelInput[] => {
  const below = reachable([node]);
  return model.inputs.filter((input) => below.includes(input.node));
};

const withoutOnes = (shape: readonly Dim[]): readonly Dim[] => shape.filter((dim) => dim !== 1);

function distinct(found: readonly Comparison[]): readonly Comparison[] {
  return found.filter(
    (one, at) =>
      at ===
      found.findIndex((other) => other.predicted === one.predicted && other.actual === one.actual),
  );
}
