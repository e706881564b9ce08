/**
 * Products with a cotangent, without the nodes that mean nothing: a factor 1 or 0 leaves no trace,
 * and a factor that is a choice becomes a choice of products, so that 0·inf never arises.
 */
import * as b from '../builder.ts';
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import { filled, uniformValue } from '../rewrite/uniform.ts';
import * as f from '../scalar/intrinsics.ts';
import type { Scalar } from '../scalar/scalar.ts';

/** Value of a scalar expression at a node: a tensor, or a number where it is constant. */
export type OperandOf = (e: Scalar) => b.Operand;

/** g·c; undefined stands for zero. */
function scale(graph: Graph, g: Node, c: number): Node | undefined {
  if (c === 0) return undefined;
  if (c === 1) return g;
  const known = uniformValue(g);
  if (known !== undefined) return filled(graph, known * c, g.type.dtype, g.type.shape);
  return c === -1 ? negate(graph, g) : b.mul(graph, g, c);
}

function negate(graph: Graph, g: Node): Node {
  const [x] = g.inputs;
  return g.op.name === 'neg' && x !== undefined ? x : b.neg(graph, g);
}

function multiply(graph: Graph, g: Node, by: b.Operand): Node | undefined {
  if (typeof by === 'number') return scale(graph, g, by);
  const known = uniformValue(by);
  if (known !== undefined) return scale(graph, g, known);
  return Math.abs(uniformValue(g) ?? 0) === 1
    ? scale(graph, by, uniformValue(g) ?? 0)
    : b.mul(graph, g, by);
}

/** g·e for a partial derivative e; undefined stands for zero. */
export function times(graph: Graph, g: Node, e: Scalar, operandOf: OperandOf): Node | undefined {
  if (e.kind !== 'apply') return multiply(graph, g, operandOf(e));
  const [p, q, r] = e.args;
  if (e.fn === f.neg && p !== undefined) {
    const product = times(graph, g, p, operandOf);
    return product && scale(graph, product, -1);
  }
  if (e.fn === f.div && p?.kind === 'literal' && q !== undefined) {
    const numerator = scale(graph, g, p.value);
    return numerator && b.div(graph, numerator, operandOf(q));
  }
  if (e.fn === f.select && p !== undefined && q !== undefined && r !== undefined)
    return choose(
      graph,
      operandOf(p),
      times(graph, g, q, operandOf),
      times(graph, g, r, operandOf),
    );
  return multiply(graph, g, operandOf(e));
}

function choose(
  graph: Graph,
  condition: b.Operand,
  yes: Node | undefined,
  no: Node | undefined,
): Node | undefined {
  if (typeof condition === 'number') return condition === 0 ? no : yes;
  if (yes === undefined && no === undefined) return undefined;
  return b.where(graph, condition, yes ?? 0, no ?? 0);
}

/** The sum of two derivatives, either of which may be zero. */
export function accumulate(
  graph: Graph,
  a: Node | undefined,
  c: Node | undefined,
): Node | undefined {
  if (a === undefined || c === undefined) return a ?? c;
  return b.add(graph, a, c);
}
