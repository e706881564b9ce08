/**
 * Forward-mode differentiation. Linear ops are applied to tangents themselves, so comparing it with
 * `gradient` really compares each `adjoint` with its op.
 */
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import { filled } from '../rewrite/uniform.ts';
import { dependents, passesDerivative } from './differentiable.ts';
import { mapJvp } from './map-derivative.ts';
import { accumulate } from './scaling.ts';
import { gradientOrigin } from './vjp.ts';

/** Tangents of the results where the given nodes move by theirs; undefined where nothing moves. */
export function jvp(
  graph: Graph,
  results: readonly Node[],
  tangents: ReadonlyMap<Node, Node>,
): (Node | undefined)[] {
  const known = new Map<Node, Node | undefined>(tangents);
  for (const node of dependents(results, new Set(tangents.keys()))) {
    if (tangents.has(node)) continue;
    const moved = node.inputs.map((x, i) => (passesDerivative(node, i) ? known.get(x) : undefined));
    known.set(
      node,
      graph.from(gradientOrigin(graph, node, `jvp of ${node.op.name}`), () =>
        tangentOf(graph, node, moved),
      ),
    );
  }
  return results.map((node) => known.get(node));
}

function tangentOf(
  graph: Graph,
  node: Node,
  moved: readonly (Node | undefined)[],
): Node | undefined {
  const { derivative } = node.op;
  if (moved.every((t) => t === undefined)) return undefined;
  switch (derivative.kind) {
    case 'none':
      return undefined;
    case 'partials':
      return mapJvp(graph, node, moved);
    case 'rules':
      return derivative.jvp({ graph, node }, moved);
    case 'linear':
      return derivative.joint === true
        ? graph.make(
            node.op,
            node.inputs.map((x, i) => moved[i] ?? zerosLike(graph, x)),
            node.attrs,
          )
        : moved.reduce<Node | undefined>(
            (sum, t, i) => accumulate(graph, sum, t && withInput(graph, node, i, t)),
            undefined,
          );
  }
}

const zerosLike = (graph: Graph, x: Node): Node => filled(graph, 0, x.type.dtype, x.type.shape);

/** A product's tangent: the op again, with one factor replaced. */
const withInput = (graph: Graph, node: Node, input: number, t: Node): Node =>
  graph.make(
    node.op,
    node.inputs.map((x, i) => (i === input ? t : x)),
    node.attrs,
  );
