/**
 * A value with a derivative of the user's own: `fn ste(x) = round(x) vjp (y, dy) => dy`. The rule is part
 * of the graph, written over two stand-ins for the result and its cotangent, so that binding and rewriting
 * treat it as they treat everything else. Dropped after differentiation, the rule with it.
 */
import type { Graph } from '../graph/graph.ts';
import type { Node, Op } from '../graph/node.ts';
import { reachable } from '../graph/walk.ts';
import { InternalError } from '../internal-error.ts';
import { firstOf, onePiece, only, sample } from './view-record.ts';

/** attrs: name. What a rule says `y` or `dy` for; its input only lends it a type. */
export const ruleArgument: Op = {
  name: 'rule_argument',
  infer: only,
  lowering: { kind: 'view', access: (at) => onePiece(at) },
  derivative: { kind: 'none' },
  evaluate: (inputs) => firstOf(inputs),
  samples: [sample([3], { name: 'dy' })],
};

/** Inputs before those that the rule differentiates by: the value, and the stand-ins for it and its cotangent. */
const OWN = 3;
const count = (inputs: number): number => (inputs - OWN) / 2;

/**
 * Inputs: the value, the stand-ins `y` and `dy`, then x₁ … xₙ, then their cotangents in terms of all these.
 * A change of the value itself passes no derivative: only the rule does.
 */
export const customVjp: Op = {
  name: 'custom_vjp',
  infer: only,
  lowering: { kind: 'view', access: (at) => onePiece(at) },
  derivative: {
    kind: 'rules',
    passes: (input, inputs) => input >= OWN && input < OWN + count(inputs),
    vjp: ({ graph, node }, grad) => {
      const [, y, dy] = node.inputs;
      const n = count(node.inputs.length);
      if (y === undefined || dy === undefined)
        throw new InternalError('autodiff', 'a rule without its stand-ins');
      const known = new Map([
        [y, node],
        [dy, grad],
      ]);
      const cotangents = substitute(graph, node.inputs.slice(OWN + n), known);
      return node.inputs.map((_, i) => cotangents[i - OWN]);
    },
    jvp: () => {
      throw new InternalError('autodiff', 'a `vjp` of the user says nothing of tangents');
    },
  },
  evaluate: (inputs) => firstOf(inputs),
  samples: [
    {
      inputs: [
        { dtype: 'f32', shape: [3] },
        { dtype: 'f32', shape: [3] },
        { dtype: 'f32', shape: [3] },
        { dtype: 'i32', shape: [3] },
        { dtype: 'f32', shape: [3] },
      ],
    },
  ],
};

/** The nodes with others in place of some that they are made of. */
function substitute(
  graph: Graph,
  nodes: readonly Node[],
  known: ReadonlyMap<Node, Node>,
): readonly Node[] {
  const done = new Map(known);
  for (const node of reachable(nodes, (n) => done.has(n))) {
    if (done.has(node)) continue;
    const inputs = node.inputs.map((x) => done.get(x) ?? x);
    const same = inputs.every((x, i) => x === node.inputs[i]);
    done.set(node, same ? node : graph.make(node.op, inputs, node.attrs));
  }
  return nodes.map((node) => done.get(node) ?? node);
}
