/**
 * What the two elaborations of a file (training and evaluation) share and must agree on: inputs,
 * parameters and states by path, the names of sites, sizes that applications decided, guards.
 */
import type { Dim } from '../graph/dim.ts';
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import type { Guard, ModelInput } from '../model.ts';
import type { Place } from './value.ts';

export interface RegisteredTensor {
  readonly kind: 'param' | 'state';
  readonly path: string;
  readonly node: Node;
  readonly init: Node;
  /** Of its statement, which may stand in the prelude. */
  readonly place: Place;
  /** Where the file itself applies the layer that owns it; its statement, if that is in the file. */
  readonly user: Place;
}

/** A size that the first application of an instance decided, and where. */
export interface DecidedSize {
  readonly dim: Dim;
  readonly place: Place;
  /** The type of the value that decided it. */
  readonly type: string;
}

/** A row of the summary before its parameters are counted. */
export interface SiteRow {
  readonly path: string;
  readonly operation: string;
  readonly output: string;
}

export interface Registry {
  readonly graph: Graph;
  readonly inputs: Map<string, ModelInput>;
  readonly tensors: Map<string, RegisteredTensor>;
  /** The optimizer's states, by `dense.W/v`. */
  readonly slots: Map<string, RegisteredTensor>;
  /** Sizes decided for an instance, by `path` and name. */
  readonly decided: Map<string, DecidedSize>;
  /** Names given to sites: for each prefix, the name by place and the names in use. */
  readonly sites: Map<
    string,
    { readonly byPlace: Map<string, string>; readonly used: Set<string> }
  >;
  readonly rows: Map<string, SiteRow>;
  readonly guards: Map<string, Guard>;
  /** Exclusive upper bounds of integer inputs that are used as class or row numbers, and what else is allowed. */
  readonly below: Map<Node, { readonly below: Dim; readonly besides: readonly number[] }>;
}

export const newRegistry = (graph: Graph): Registry => ({
  graph,
  inputs: new Map(),
  tensors: new Map(),
  slots: new Map(),
  decided: new Map(),
  sites: new Map(),
  rows: new Map(),
  guards: new Map(),
  below: new Map(),
});
