/**
 * Reverse-mode differentiation, graph to graph: the result is ordinary graph, so a gradient of a
 * gradient is the same call. A cotangent that is zero has no node at all.
 */
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import { dropVariables } from '../rewrite/drop-marks.ts';
import { filled } from '../rewrite/uniform.ts';
import { dependents, passesDerivative } from './differentiable.ts';
import { accumulate } from './scaling.ts';
import { stableSources } from './stable-sources.ts';
import { gradientOrigin, vjp } from './vjp.ts';

export interface GradientOptions {
  /**
   * Promises that the result is not differentiated again by a variable of y, so that stable forms may
   * be recognised through variables. Meant for the gradient that an optimizer takes.
   */
  readonly last?: boolean;
}

/**
 * The derivative of `sum(y)` by each of `wrt`, with its type; undefined where no path leads from it
 * to y. Where there is a path but the derivative is zero everywhere (`floor`), a tensor of zeros.
 */
export function gradient(
  graph: Graph,
  y: Node,
  wrt: readonly Node[],
  { last = false }: GradientOptions = {},
): (Node | undefined)[] {
  const [seen = y] = last ? dropVariables(graph, [y], new Set(wrt)) : [y];
  const stable = stableSources(graph, seen, wrt);
  const grads = cotangentsOf(graph, stable.y, stable.sources);
  const found = stable.unmark(grads.filter((grad) => grad !== undefined));
  return grads.map((grad) => grad && found.shift());
}

/** Cotangents of the sources, by one walk from y down. */
function cotangentsOf(graph: Graph, y: Node, wrt: readonly Node[]): (Node | undefined)[] {
  const live = dependents([y], new Set(wrt));
  const path = onPath(y, live);
  const cotangents = new Map<Node, Node>();
  if (path.has(y))
    cotangents.set(
      y,
      graph.from(gradientOrigin(graph, y, 'seed'), () =>
        filled(graph, 1, y.type.dtype, y.type.shape),
      ),
    );
  for (const node of [...path].sort((a, b) => b.id - a.id)) {
    const grad = cotangents.get(node);
    if (grad === undefined) continue;
    const parts = vjp(graph, node, grad, (x) => path.has(x));
    node.inputs.forEach((x, i) => {
      const sum = graph.from(gradientOrigin(graph, x, 'sum of cotangents'), () =>
        accumulate(graph, cotangents.get(x), parts[i]),
      );
      if (sum !== undefined) cotangents.set(x, sum);
    });
  }
  return wrt.map((x) => {
    if (!path.has(x)) return undefined;
    return cotangents.get(x) ?? filled(graph, 0, x.type.dtype, x.type.shape);
  });
}

/** The nodes between y and the sources. */
function onPath(y: Node, live: ReadonlySet<Node>): Set<Node> {
  const path = new Set<Node>();
  const open = live.has(y) ? [y] : [];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (path.has(node)) continue;
    path.add(node);
    const user = node;
    open.push(...node.inputs.filter((x, i) => live.has(x) && passesDerivative(user, i)));
  }
  return path;
}
