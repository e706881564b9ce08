/** Cotangents of one node's inputs, from the two tables: partials of map ops, adjoints of linear ops. */
import type { Graph } from '../graph/graph.ts';
import type { Node, Origin } from '../graph/node.ts';
import { passesDerivative } from './differentiable.ts';
import { mapVjp } from './map-derivative.ts';

/**
 * One entry an input; undefined where it is zero or where `wanted` says that nobody asks. New nodes
 * are noted as coming from the node's own place.
 */
export function vjp(
  graph: Graph,
  node: Node,
  grad: Node,
  wanted: (input: Node) => boolean,
): (Node | undefined)[] {
  const asked = node.inputs.map((x, i) => wanted(x) && passesDerivative(node, i));
  const at = { graph, node };
  return graph.from(gradientOrigin(graph, node), () => {
    const { derivative } = node.op;
    switch (derivative.kind) {
      case 'none':
        return node.inputs.map(() => undefined);
      case 'partials':
        return mapVjp(graph, node, grad).map((g, i) => (asked[i] ? g : undefined));
      case 'linear':
        return asked.map((yes, i) => (yes ? derivative.adjoint(at, grad, i) : undefined));
      case 'rules':
        return asked.map((yes, i) => (yes ? derivative.vjp(at, grad)[i] : undefined));
    }
  });
}

export function gradientOrigin(graph: Graph, node: Node, rule = `vjp of ${node.op.name}`): Origin {
  const [origin] = graph.originsOf(node);
  return { ...(origin ?? graph.scope), role: 'gradient', rule };
}
