/**
 * What elaboration makes of a file, and what `compile` takes: plain data over one graph. The
 * programmatic API builds the same.
 */
import type { Span } from '../grammar/ast.ts';
import type { Dim } from './graph/dim.ts';
import type { StorageDType } from './graph/dtype.ts';
import type { Graph } from './graph/graph.ts';
import type { Node } from './graph/node.ts';

/** A model as the compiler takes it. */
export interface Model {
  readonly name: string;
  readonly graph: Graph;
  /** Data inputs, in order of declaration. */
  readonly inputs: readonly ModelInput[];
  /** Trainable tensors, in order of first use. */
  readonly params: readonly ModelTensor[];
  /** The model's own states (`state` statements outside optimizers). */
  readonly states: readonly ModelTensor[];
  /** With `training` true and false. They share inputs, params and states. */
  readonly training: Elaboration;
  readonly evaluation: Elaboration;
  /** The optimizer's part; absent where there is nothing to train. */
  readonly optimization?: Optimization;
  /** Bind-time checks on sizes. */
  readonly guards: readonly Guard[];
  /** The file's `train` section as evaluated static values (the trainer's defaults). */
  readonly train: TrainDefaults;
  /** Rows of `nnc summary`. */
  readonly sites: readonly Site[];
}

/** Data that a step is given. */
export interface ModelInput {
  readonly name: string;
  readonly storage: StorageDType;
  readonly shape: readonly Dim[];
  readonly node: Node;
  readonly span?: Span;
  /** Upper bound (exclusive) where the values are used as class or row numbers; the loader checks them (NN0505). */
  readonly below?: Dim;
  /** Values that are allowed beside those, such as labels that a loss ignores. */
  readonly besides?: readonly number[];
}

/** A tensor that outlives a step: a parameter, a state or a slot of the optimizer. */
export interface ModelTensor {
  /** `net.linear_1.w`. */
  readonly path: string;
  /** The `input` node (kind `param` or `state`). */
  readonly node: Node;
  /** Its initial value: a graph without data inputs, evaluated once on the CPU. */
  readonly init: Node;
  readonly span?: Span;
}

/** What a model computes, in training or beside it. */
export interface Elaboration {
  readonly outputs: readonly NamedNode[];
  /** Scalars; minimised is their sum. */
  readonly losses: readonly NamedNode[];
  readonly metrics: readonly NamedNode[];
  /** Next values of states, and of params that are updated by hand. */
  readonly updates: readonly { readonly path: string; readonly node: Node }[];
  /** `expect`s: bool tensors, all of whose elements must be true. */
  readonly expects: readonly { readonly node: Node; readonly text: string; readonly span: Span }[];
}

/** A result under its name. */
export interface NamedNode {
  readonly name: string;
  readonly node: Node;
  readonly span?: Span;
}

/** How the parameters are trained. */
export interface Optimization {
  /** In the order in which they run within a step, that of the file. */
  readonly sections: readonly OptimizedSection[];
  /** The optimizers' slots: `dense.W/v`; with several sections `critic/dense.W/v`. */
  readonly slots: readonly ModelTensor[];
}

/** One `train` section: what it minimises, and what its optimizer makes of the parameters. */
export interface OptimizedSection {
  /** Absent for the only one of a file, where nobody named it. */
  readonly name?: string;
  /** It runs in steps 0, every, 2 · every, …. */
  readonly every: number;
  /** Names of the losses that it minimises the sum of. */
  readonly losses: readonly string[];
  /** Next values of the params, and of the slots, from those before the section ran. */
  readonly updates: readonly { readonly path: string; readonly node: Node }[];
  readonly slotUpdates: readonly { readonly path: string; readonly node: Node }[];
}

/** Everything of a model that lives from step to step, but for the step counter: what a training run must save to go on. */
export const persistentTensors = (
  model: Pick<Model, 'params' | 'states' | 'optimization'>,
): readonly ModelTensor[] => [
  ...model.params,
  ...model.states,
  ...(model.optimization?.slots ?? []),
];

export interface Guard {
  /** `t <= 256 (gpt.nn:7)`. */
  readonly text: string;
  readonly holds: { readonly left: Dim; readonly relation: '<=' | '%' | '=='; readonly right: Dim };
}

/** One line of the summary: a place where a layer is constructed, or an operation worth naming. */
export interface Site {
  readonly path: string;
  readonly operation: string;
  readonly output: string;
  /** Elements of what it owns: trained, and not. */
  readonly parameters: number;
  readonly states: number;
}

/**
 * Input name to the name of a column, or to several: a list, or a range `"c0..c9"` in the order of the
 * data, of columns of one number a row, which side by side are the rows of the input.
 */
export type ColumnChoice = Readonly<Record<string, string | readonly string[]>>;

/** Static values of the `train` section; a key that the file does not give is absent. */
export interface TrainDefaults {
  readonly data?: string;
  readonly batch?: number | 'all';
  readonly epochs?: number;
  readonly steps?: number;
  readonly shuffle?: boolean;
  readonly seed?: number;
  /** A fraction of the training rows, or the name of a split (`"test"`). */
  readonly validation?: number | string;
  readonly limit?: number;
  readonly columns?: ColumnChoice;
  /** Characters of a text that are a row. */
  readonly window?: number;
  /** Where checkpoints go (a path), or after how many epochs one is written (a number). */
  readonly checkpoint?: string | number;
  /** When training ends early, and what decides which epoch was the best. */
  readonly patience?: number;
  readonly monitor?: string;
  readonly minDelta?: number;
  readonly keep?: 'best' | 'last';
}
