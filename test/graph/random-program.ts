/** Random typed graphs: smooth arithmetic, choices, views, reductions, products, shared values. */
import * as b from '../../compiler/builder.ts';
import { Graph } from '../../compiler/graph/graph.ts';
import type { Node } from '../../compiler/graph/node.ts';
import { expand } from '../../compiler/ops/reduce.ts';
import * as views from '../../compiler/ops/view.ts';
import * as f from '../../compiler/scalar/intrinsics.ts';
import { dataInput } from '../autodiff/evaluate-at.ts';

export interface RandomProgram {
  readonly graph: Graph;
  readonly inputs: readonly Node[];
  /** A scalar. */
  readonly result: Node;
}

const sizes = [1, 2, 3, 5];

export function randomProgram(next: () => number, steps: number): RandomProgram {
  const g = new Graph();
  const pick = <T>(from: readonly T[]): T => {
    const one = from[Math.floor(next() * from.length)];
    if (one === undefined) throw new Error('nothing to pick from');
    return one;
  };
  const shape = (): number[] =>
    Array.from({ length: 1 + Math.floor(next() * 3) }, () => pick(sizes));
  const inputs = [0, 1, 2].map((i) => dataInput(g, `x${i}`, 'f32', shape()));
  const pool: Node[] = [...inputs];
  const shapeOf = (x: Node): number[] => x.type.shape.map(Number);

  /** Brings y to x's shape, one way or another. */
  const stretched = (y: Node, to: readonly number[]): Node => {
    const total = b.sum(g, y);
    return b.broadcastTo(g, b.tanh(g, total), to);
  };
  const partner = (x: Node): Node => {
    const same = pool.filter((y) => shapeOf(y).join() === shapeOf(x).join());
    return next() < 0.7 ? pick(same) : stretched(pick(pool), shapeOf(x));
  };
  const unary = [f.tanh, f.sin, f.sigmoid, f.softplus, f.neg, f.cos, f.erf, f.atan, f.abs];
  const positive = (x: Node): Node => b.add(g, b.mul(g, x, x), 0.5);
  const makers: readonly ((x: Node) => Node)[] = [
    (x) => b.elementwise(g, pick(unary), x),
    (x) => b.log(g, positive(x)),
    (x) => b.sqrt(g, positive(x)),
    (x) => b.exp(g, b.tanh(g, x)),
    (x) => b.pow(g, x, pick([2, 3])),
    (x) => b.elementwise(g, pick([f.add, f.sub, f.mul, f.max, f.min]), x, partner(x)),
    (x) => b.div(g, x, positive(partner(x))),
    (x) => b.mul(g, x, pick([2, -1, 0.5, 1, 0])),
    (x) => b.where(g, b.gt(g, x, partner(x)), x, partner(x)),
    (x) => b.where(g, b.gt(g, x, 0), x, 0),
    (x) => b.reshape(g, x, [shapeOf(x).reduce((p, n) => p * n, 1), 1]),
    (x) =>
      b.permute(
        g,
        x,
        shapeOf(x).map((_, i) => shapeOf(x).length - 1 - i),
      ),
    (x) => g.make(expand, [x], { shape: shapeOf(x).map((n) => (n === 1 ? 2 : n)) }),
    (x) =>
      b.slice(
        g,
        x,
        shapeOf(x).map((n) => n - 1),
        shapeOf(x).map(() => -1),
        shapeOf(x),
      ),
    (x) =>
      b.slice(
        g,
        x,
        shapeOf(x).map(() => 0),
        shapeOf(x).map(() => 2),
        shapeOf(x).map((n) => Math.ceil(n / 2)),
      ),
    (x) =>
      g.make(views.pad, [x], {
        lo: shapeOf(x).map(() => 1),
        hi: shapeOf(x).map(() => 0),
        interior: shapeOf(x).map(() => pick([0, 1])),
        value: pick([0, 0.5]),
      }),
    (x) => b.concat(g, [x, partner(x)], pick([...shapeOf(x).keys()])),
    (x) =>
      b.reduce(
        g,
        pick(['sum', 'max', 'min', 'prod'] as const),
        x,
        pick([...shapeOf(x).keys()]),
        true,
      ),
    (x) => b.mean(g, x, pick([...shapeOf(x).keys()]), true),
    (x) => b.tanh(g, b.prefix(g, pick(['sum', 'prod'] as const), x, pick([...shapeOf(x).keys()]))),
    (x) => b.tanh(g, b.einsum(g, 'mk,nk->mn', matrix(x), matrix(partner(x)))),
    (x) => b.stopGradient(g, b.tanh(g, x)),
    (x) => {
      const e = b.exp(g, x);
      return b.div(g, e, b.sum(g, e, shapeOf(x).length - 1, true));
    },
  ];
  function matrix(x: Node): Node {
    const n = shapeOf(x).at(-1) ?? 1;
    const rows = shapeOf(x).reduce((p, d) => p * d, 1) / n;
    return b.reshape(g, x, [rows, n]);
  }
  for (let step = 0; step < steps; step++) {
    const small = pool.filter((x) => shapeOf(x).reduce((p, n) => p * n, 1) <= 200);
    pool.push(pick(makers)(pick(small.slice(-8))));
  }
  const ends = pool.slice(-4).map((x) => b.mean(g, b.tanh(g, x)));
  const result = [...ends, ...inputs.map((x) => b.mean(g, x))].reduce((sum, x) => b.add(g, sum, x));
  return { graph: g, inputs, result };
}
