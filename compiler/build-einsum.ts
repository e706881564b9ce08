/**
 * Sums of products over named axes, of any number of tensors: repeated names become diagonals (views),
 * what only one tensor has is summed first, and each pair is one contraction, or a plain product where
 * nothing is summed.
 */
import { diagonalOf } from './build-views.ts';
import * as build from './builder.ts';
import type { Dim } from './graph/dim.ts';
import type { Graph } from './graph/graph.ts';
import type { Node } from './graph/node.ts';

export interface NamedAxes {
  readonly node: Node;
  /** One name an axis. */
  readonly axes: readonly string[];
}

/** Most names that one sum of products can have: contractions call them a to z and A to Z. */
export const MOST_AXIS_NAMES = 52;
const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** The tensor over the axes `out`, each of which some operand has. Sizes and dtypes must agree. */
export function einsumOf(g: Graph, operands: readonly NamedAxes[], out: readonly string[]): Node {
  let left = operands.map((x) => withoutRepeats(g, x));
  while (left.length > 1) {
    const [i, j] = cheapestPair(left, out);
    const others = left.filter((_, k) => k !== i && k !== j);
    const [a, b] = [left[i], left[j]];
    if (a === undefined || b === undefined) break;
    const last = others.length === 0;
    left = [...others, product(g, a, b, last ? out : keptNames(a, b, others, out))];
  }
  const [only] = left;
  return only === undefined
    ? build.literal(g, 1, 'f32')
    : inOrder(
        g,
        summed(g, only, (name) => out.includes(name)),
        out,
      );
}

/** A name that an operand has twice stands for its diagonal. */
function withoutRepeats(g: Graph, x: NamedAxes): NamedAxes {
  const second = x.axes.findIndex((name, i) => x.axes.indexOf(name) < i);
  if (second < 0) return x;
  const name = x.axes[second] ?? '';
  const first = x.axes.indexOf(name);
  const others = x.axes.filter((_, i) => i !== first && i !== second);
  const node = diagonalOf(g, x.node, first, second);
  return withoutRepeats(g, { node, axes: [...others, name] });
}

const keptNames = (
  a: NamedAxes,
  b: NamedAxes,
  others: readonly NamedAxes[],
  out: readonly string[],
): string[] => {
  const wanted = new Set([...out, ...others.flatMap((x) => x.axes)]);
  return [...new Set([...a.axes, ...b.axes])].filter((name) => wanted.has(name));
};

/** The pair whose product has the fewest axes; of equals the first, so that a chain runs from the left. */
function cheapestPair(left: readonly NamedAxes[], out: readonly string[]): [number, number] {
  let best: [number, number] = [0, 1];
  let fewest = Number.POSITIVE_INFINITY;
  left.forEach((a, i) => {
    left.forEach((b, j) => {
      if (j <= i) return;
      const others = left.filter((_, k) => k !== i && k !== j);
      const axes = keptNames(a, b, others, out).length;
      if (axes < fewest) [best, fewest] = [[i, j], axes];
    });
  });
  return best;
}

function summed(g: Graph, x: NamedAxes, stays: (name: string) => boolean): NamedAxes {
  const gone = x.axes.flatMap((name, i) => (stays(name) ? [] : [i]));
  return gone.length === 0 ? x : { node: build.sum(g, x.node, gone), axes: x.axes.filter(stays) };
}

const inOrder = (g: Graph, x: NamedAxes, order: readonly string[]): Node =>
  build.permute(
    g,
    x.node,
    order.map((name) => x.axes.indexOf(name)),
  );

function product(g: Graph, a: NamedAxes, b: NamedAxes, out: readonly string[]): NamedAxes {
  const x = summed(g, a, (name) => out.includes(name) || b.axes.includes(name));
  const y = summed(g, b, (name) => out.includes(name) || a.axes.includes(name));
  const node = x.axes.concat(y.axes).every((name) => out.includes(name))
    ? build.mul(g, spread(g, x, y, out), spread(g, y, x, out))
    : contraction(g, x, y, out);
  return { node, axes: out };
}

/** x over all axes of the result, with size 1 where it has none of that name. */
function spread(g: Graph, x: NamedAxes, other: NamedAxes, out: readonly string[]): Node {
  const own = out.filter((name) => x.axes.includes(name));
  const node = inOrder(g, x, own);
  const size = (name: string): Dim =>
    x.axes.includes(name) ? (x.node.type.shape[x.axes.indexOf(name)] ?? 1) : 1;
  const whole = (name: string): Dim =>
    x.axes.includes(name) ? size(name) : (other.node.type.shape[other.axes.indexOf(name)] ?? 1);
  return build.broadcastTo(g, build.reshape(g, node, out.map(size)), out.map(whole));
}

function contraction(g: Graph, x: NamedAxes, y: NamedAxes, out: readonly string[]): Node {
  const names = [...new Set([...x.axes, ...y.axes])];
  const labels = (axes: readonly string[]): string =>
    axes.map((name) => letters[names.indexOf(name)] ?? '?').join('');
  return build.einsum(g, `${labels(x.axes)},${labels(y.axes)}->${labels(out)}`, x.node, y.node);
}
