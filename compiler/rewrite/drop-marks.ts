/** Takes out the nodes that only steer differentiation, once it has run. */
import type { Graph } from '../graph/graph.ts';
import type { Node, Op } from '../graph/node.ts';
import { customVjp } from '../ops/custom-vjp.ts';
import { stopGradient, variableOp } from '../ops/view.ts';
import { rewrite } from './rebuild.ts';

type Drop = (g: Graph, results: readonly Node[], except?: ReadonlySet<Node>) => Node[];

const dropping =
  (name: string, op: Op): Drop =>
  (g, results, except = new Set()) =>
    rewrite(g, results, [
      {
        name,
        apply: (_, node) => (node.op === op && !except.has(node) ? node.inputs[0] : undefined),
      },
    ]);

export const dropVariables: Drop = dropping('marks/variable', variableOp);
export const dropStops: Drop = dropping('marks/stop', stopGradient);
export const dropRules: Drop = dropping('marks/custom-vjp', customVjp);
