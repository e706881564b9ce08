/**
 * The graph: immutable, interned tensor expressions. An op is one record (`Op`); a node applies it.
 * Nothing outside the records knows an op by name: passes know only the few lowering kinds.
 */
import type { Index } from '../index/index-expr.ts';
import type { Scalar } from '../scalar/scalar.ts';
import type { Dim, SymbolicDim } from './dim.ts';
import type { DType } from './dtype.ts';
import type { Graph } from './graph.ts';
import type { NdArray } from './nd-array.ts';

export interface TensorType {
  readonly dtype: DType;
  readonly shape: readonly Dim[];
}

/** Attributes are plain data, so they can be printed, compared, and have their sizes substituted. */
export type Attr = number | string | boolean | SymbolicDim | null | readonly Attr[];
export type Attrs = Readonly<Record<string, Attr>>;

/** An op applied to nodes; equal ones are one object. */
export interface Node {
  readonly id: number;
  readonly op: Op;
  readonly inputs: readonly Node[];
  readonly attrs: Attrs;
  readonly type: TensorType;
}

/** One op: shape rule, derivative, reference meaning and lowering in one place. */
export interface Op {
  readonly name: string;
  /** Type of the result. Throws ShapeError where the inputs do not fit. */
  infer(inputs: readonly TensorType[], attrs: Attrs): TensorType;
  readonly lowering: Lowering;
  readonly derivative: Derivative;
  /**
   * Reference meaning in f64, with naive loops; all sizes are numbers. Shares no code with the
   * lowering. `input` and friends have none: the interpreter is given their values.
   */
  evaluate?(inputs: readonly NdArray[], attrs: Attrs, type: TensorType): NdArray;
  /** Small applications that the conformance tests try: shapes of the inputs and attributes. */
  readonly samples?: readonly Sample[];
}

export interface Sample {
  readonly inputs: readonly {
    readonly dtype: DType;
    readonly shape: readonly number[];
    readonly range?: readonly [number, number];
  }[];
  readonly attrs?: Attrs;
}

/** The kinds are closed: fusion, scheduling and WGSL know these and never an op's name. */
export type Lowering =
  /** A value from outside, or one made from nothing: buffer, literal, the index itself. */
  | { readonly kind: 'leaf'; readonly leaf: 'input' | 'literal' | 'iota' | 'size' }
  /** Costs nothing: an index map from the result to one of the inputs. */
  | {
      readonly kind: 'view';
      access(at: readonly Index[], inputs: readonly (readonly number[])[], attrs: Attrs): Access;
    }
  /**
   * Also an index map, but along one axis of its first input the index is an element of the second:
   * result[b…, k…, c…] = x[b…, ids[b…, k…], c…] with `batch` axes b; 0 where the id is out of range.
   */
  | { readonly kind: 'gather'; batch(attrs: Attrs): number }
  /** Rewritten to other ops before anything is fused, when all sizes are numbers. */
  | { readonly kind: 'composite'; expand(at: AtNode): Node }
  /** Element by element over equal shapes. */
  | { readonly kind: 'map'; scalar(attrs: Attrs): Scalar }
  | { readonly kind: 'reduce'; combine: Combine; axes(attrs: Attrs): readonly number[] }
  | { readonly kind: 'contract'; labels(attrs: Attrs): ContractLabels }
  /** A running reduction along one axis. */
  | {
      readonly kind: 'prefix';
      combine: 'sum' | 'prod' | 'max';
      axis(attrs: Attrs): number;
      reverse(attrs: Attrs): boolean;
      exclusive(attrs: Attrs): boolean;
    };

export type Combine = 'sum' | 'prod' | 'max' | 'min' | 'argmax' | 'argmin';

/** One letter per axis of each operand and of the result; a letter in a and b but not in out is summed. */
export interface ContractLabels {
  readonly a: string;
  readonly b: string;
  readonly out: string;
}

/** Where a view's element comes from: the first piece whose guards all hold, else `other`. */
export interface Access {
  readonly pieces: readonly {
    readonly input: number;
    readonly at: readonly Index[];
    /** Each says 0 <= index < size. */
    readonly guards: readonly { readonly index: Index; readonly size: number }[];
  }[];
  readonly other: number;
}

/** From partials (map) and adjoints (linear ops) follow both JVP and VJP; the few others bring both. */
export type Derivative =
  | { readonly kind: 'partials' }
  /**
   * Linear in each listed input (all, if absent); `adjoint` gives the cotangent of input i. Several
   * inputs make a product (linear in each alone), or with `joint` something like a concatenation
   * (linear in all together).
   */
  | {
      readonly kind: 'linear';
      readonly joint?: boolean;
      adjoint(at: AtNode, grad: Node, input: number): Node | undefined;
      readonly inputs?: readonly number[];
    }
  | {
      readonly kind: 'rules';
      /** Through which of this many inputs a derivative passes; all, if absent. */
      passes?(input: number, inputs: number): boolean;
      vjp(at: AtNode, grad: Node): readonly (Node | undefined)[];
      jvp(at: AtNode, tangents: readonly (Node | undefined)[]): Node | undefined;
    }
  | { readonly kind: 'none' };

export interface AtNode {
  readonly graph: Graph;
  readonly node: Node;
}

/** The user's mistake in shapes or dtypes; the elaborator adds the place and makes a diagnostic of it. */
export class ShapeError extends Error {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
  constructor(
    code: string,
    message: string,
    params: Readonly<Record<string, string | number>> = {},
  ) {
    super(message);
    this.name = 'ShapeError';
    this.code = code;
    this.params = params;
  }
}

/** Where a node comes from. A side table of the graph holds these, never part of a node's identity. */
export interface Origin {
  /** `models/mnist.nn:5`. */
  readonly line?: string;
  /** `encoder.3.dense`. */
  readonly path: string;
  readonly role: 'forward' | 'gradient' | 'optimizer' | 'data';
  /** The pass or rule that made it: `vjp of contract`. */
  readonly rule?: string;
}

/** A call of a function of the library. A side table of the graph holds these, under the node that is the call's result. */
export interface LibraryCall {
  /** `softmax`. */
  readonly name: string;
  /** Of the layer that calls it: `encoder.3.dense`. */
  readonly path: string;
  /** The tensors that it is given. */
  readonly tensors: readonly Node[];
  /** What it is told beside them: `axis=-1`, `0.5`. */
  readonly options: readonly string[];
}
