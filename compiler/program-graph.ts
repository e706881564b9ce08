/** One program (a training step, an evaluation, a prediction) as a bound graph: all sizes are numbers. */
import type { Dim } from './graph/dim.ts';
import type { Graph } from './graph/graph.ts';
import type { Node } from './graph/node.ts';

export interface ProgramGraph {
  readonly graph: Graph;
  /** `train@128`. */
  readonly name: string;
  readonly results: readonly Result[];
}

export interface Result {
  readonly node: Node;
  /** Where it is another than the node's: a reshape on the way to memory costs nothing. */
  readonly shape?: readonly Dim[];
  /** An output has memory of its own; a replacement overwrites an input (a donation: parameter, state, counter, metric sum). */
  readonly target:
    | { readonly kind: 'output'; readonly name: string }
    | { readonly kind: 'replace'; readonly input: Node };
}
