/** One program (a training step, an evaluation, a prediction) as a bound graph: all sizes are numbers. */
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
  /** An output has memory of its own; a replacement overwrites an input (a donation: parameter, state, counter, metric sum). */
  readonly target:
    | { readonly kind: 'output'; readonly name: string }
    | { readonly kind: 'replace'; readonly input: Node };
}
