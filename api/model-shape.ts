/** What the types know of a model: names and element types. Plain strings where nobody has told them. */

import type { StorageDType } from '../compiler/graph/dtype.ts';
import type { Layer } from './layer.ts';
import type { Initial } from './statements.ts';
import type { Tensor } from './tensor.ts';
import type { ElementOf, TensorType } from './types.ts';

/** The names of a model, for the type checker. */
export interface ModelShape {
  readonly inputs: Readonly<Record<string, StorageDType>>;
  readonly outputs: string;
  readonly params: string;
  readonly metrics: string;
}

/** What a model is made of, so that the types know it: its function gets these by name. */
export interface Parts {
  readonly inputs?: Readonly<Record<string, TensorType>>;
  /** Type and initial value of each. */
  readonly params?: Readonly<Record<string, readonly [TensorType, Initial]>>;
  readonly states?: Readonly<Record<string, readonly [TensorType, Initial]>>;
  /** Each under its own name. */
  readonly layers?: Readonly<Record<string, Layer<string, unknown>>>;
  /**
   * Names of what is measured beside `loss`: metrics, and losses with a name. The function gives their values,
   * `m.metric('accuracy', …)`; results have them as numbers.
   */
  readonly metrics?: readonly string[];
}

type Field<P extends Parts, K extends keyof Parts> = P[K] extends object
  ? P[K]
  : Record<never, never>;

/** What the function of a model with parts is given. */
export type PartValues<P extends Parts> = {
  readonly [K in keyof Field<P, 'inputs'>]: Tensor;
} & { readonly [K in keyof Field<P, 'params'>]: Tensor } & {
  readonly [K in keyof Field<P, 'states'>]: Tensor;
} & { readonly [K in keyof Field<P, 'layers'>]: Field<P, 'layers'>[K] };

/** Outputs by name, or nothing. */
// biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing has this type
export type Outputs = Readonly<Record<string, Tensor>> | void;
/** The names of outputs that a function returns. */
export type OutputNames<R> =
  R extends Readonly<Record<infer K extends string, Tensor>> ? K : string;

type LayerPaths<L> = {
  [K in keyof L & string]: L[K] extends Layer<infer P, unknown> ? `${K}.${P}` : `${K}.${string}`;
}[keyof L & string];

/** The names that follow from the parts of a model and from what its function returns. */
export interface ShapeOf<P extends Parts, R> extends ModelShape {
  readonly inputs: {
    readonly [K in keyof Field<P, 'inputs'> & string]: Field<P, 'inputs'>[K] extends TensorType
      ? ElementOf<Field<P, 'inputs'>[K]>
      : never;
  };
  readonly outputs: OutputNames<R>;
  readonly params:
    | (keyof Field<P, 'params'> & string)
    | (keyof Field<P, 'states'> & string)
    | LayerPaths<Field<P, 'layers'>>;
  readonly metrics: P['metrics'] extends readonly (infer Name extends string)[]
    ? 'loss' | Name
    : string;
}
