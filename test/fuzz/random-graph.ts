/**
 * Random graphs whose arithmetic is exact: inputs are small whole numbers, and every value stays within
 * 2^22, so f32 on any device must agree with the f64 interpreter to the last bit, comparisons and
 * arg-reductions included. Biased to what breaks compilers: views around reductions, axes of
 * size 1, primes, shared subexpressions, results that overwrite inputs.
 */
import * as b from '../../compiler/builder.ts';
import { Graph } from '../../compiler/graph/graph.ts';
import { elementCount, type NdArray, ndArray } from '../../compiler/graph/nd-array.ts';
import type { Node } from '../../compiler/graph/node.ts';
import { pad as padOp, slice as sliceOp } from '../../compiler/ops/view.ts';
import * as f from '../../compiler/scalar/intrinsics.ts';

export interface RandomGraph {
  readonly graph: Graph;
  readonly results: readonly Node[];
  readonly replaces: ReadonlyMap<number, Node>;
  readonly inputs: ReadonlyMap<string, NdArray>;
}

export type Random = (below: number) => number;

/** Mulberry32. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below);
  };
}

const LIMIT = 2 ** 22;
const SIZES = [1, 1, 2, 3, 4, 5, 7, 8, 12, 16, 17] as const;
const MOST_ELEMENTS = 4096;

interface Tensor {
  readonly node: Node;
  /** No element is larger in magnitude. */
  readonly bound: number;
}

const shapeOf = (n: Node): number[] => n.type.shape.map(Number);

export function randomGraph(seed: number): RandomGraph {
  const random = randomFrom(seed);
  const pick = <T>(xs: readonly T[]): T => xs[random(xs.length)] as T;
  const graph = new Graph();
  const inputs = new Map<string, NdArray>();
  const pool: Tensor[] = [];
  const params: Node[] = [];

  const fresh = (shape: readonly number[]): Tensor => {
    const name = `x${inputs.size}`;
    const kind = random(3) === 0 ? 'param' : 'data';
    const storage = kind === 'data' && random(3) === 0 ? 'u8' : 'f32';
    const node = b.input(graph, name, kind, storage, shape);
    const data = Array.from({ length: elementCount(shape) }, () =>
      storage === 'u8' ? random(9) : random(9) - 4,
    );
    inputs.set(name, ndArray(node.type.dtype, shape, data));
    if (kind === 'param') params.push(node);
    return { node: b.cast(graph, node, 'f32'), bound: 8 };
  };
  const randomShape = (): number[] => {
    const shape = Array.from({ length: random(4) }, () => pick(SIZES));
    while (elementCount(shape) > MOST_ELEMENTS / 4) shape[random(shape.length)] = 1;
    return shape;
  };
  /** Keeps values exact. */
  const put = (node: Node, bound: number): void => {
    if (elementCount(shapeOf(node)) > MOST_ELEMENTS) return;
    const kept =
      bound <= LIMIT
        ? { node, bound }
        : { node: b.maximum(graph, b.minimum(graph, node, 8), -8), bound: 8 };
    pool.push(kept);
  };
  /** A tensor that broadcasts with the shape. */
  const partner = (shape: readonly number[]): Tensor => {
    const fitting = pool.filter((t) => {
      try {
        return b
          .broadcastShapes([shapeOf(t.node), shape])
          .every((d, i, all) => d === shape[i - all.length + shape.length]);
      } catch {
        return false;
      }
    });
    if (fitting.length > 0 && random(4) > 0) return pick(fitting);
    return fresh(shape.slice(random(shape.length + 1)).map((n) => (random(3) === 0 ? 1 : n)));
  };

  const steps: readonly ((x: Tensor) => void)[] = [
    (x) => {
      const y = partner(shapeOf(x.node));
      const [fn, bound] = pick([
        [f.add, x.bound + y.bound],
        [f.sub, x.bound + y.bound],
        [f.mul, x.bound * y.bound],
        [f.max, Math.max(x.bound, y.bound)],
        [f.min, Math.max(x.bound, y.bound)],
      ] as const);
      put(
        b.elementwise(graph, fn, ...(random(2) === 0 ? [x.node, y.node] : [y.node, x.node])),
        bound,
      );
    },
    (x) => put(b.elementwise(graph, pick([f.neg, f.abs, f.sign, f.floor]), x.node), x.bound),
    (x) => {
      const y = partner(shapeOf(x.node));
      const condition = b.elementwise(graph, pick([f.gt, f.lt, f.eq, f.ge]), x.node, y.node);
      put(
        random(2) === 0
          ? b.where(graph, condition, x.node, random(5) - 2)
          : b.cast(graph, condition, 'f32'),
        Math.max(x.bound, 2),
      );
    },
    (x) => {
      const rank = x.node.type.shape.length;
      const perm = [...Array(rank).keys()];
      for (let i = rank - 1; i > 0; i--) {
        const j = random(i + 1);
        [perm[i], perm[j]] = [perm[j] ?? 0, perm[i] ?? 0];
      }
      put(b.permute(graph, x.node, perm), x.bound);
    },
    (x) =>
      put(b.reshape(graph, x.node, randomFactors(elementCount(shapeOf(x.node)), random)), x.bound),
    (x) => {
      const shape = shapeOf(x.node);
      const start = shape.map((n) => random(n));
      const step = shape.map(() => pick([1, 1, 1, -1, 2, -2]));
      const size = shape.map((n, i) => {
        const room = (step[i] ?? 1) > 0 ? n - (start[i] ?? 0) : (start[i] ?? 0) + 1;
        return 1 + random(Math.ceil(room / Math.abs(step[i] ?? 1)));
      });
      put(graph.make(sliceOp, [x.node], { start, step, size }), x.bound);
    },
    (x) => {
      const shape = shapeOf(x.node);
      const amounts = (): number[] => shape.map(() => (random(2) === 0 ? 0 : random(3)));
      put(
        graph.make(padOp, [x.node], {
          lo: amounts(),
          hi: amounts(),
          interior: shape.map(() => (random(4) === 0 ? 1 : 0)),
          value: random(3) - 1,
        }),
        x.bound,
      );
    },
    (x) => {
      const shape = shapeOf(x.node);
      if (shape.length === 0) return;
      const axis = random(shape.length);
      put(
        b.concat(
          graph,
          random(2) === 0
            ? [x.node, x.node]
            : [x.node, fresh(shape.map((n, i) => (i === axis ? pick(SIZES) : n))).node],
          axis,
        ),
        Math.max(x.bound, 8),
      );
    },
    (x) =>
      put(
        b.broadcastTo(graph, x.node, [
          ...(random(2) === 0 ? [pick(SIZES)] : []),
          ...shapeOf(x.node).map((n) => (n === 1 ? pick(SIZES) : n)),
        ]),
        x.bound,
      ),
    ...Array<(x: Tensor) => void>(3).fill((x) => {
      const shape = shapeOf(x.node);
      const axes = shape.flatMap((_, i) => (random(2) === 0 ? [i] : []));
      if (axes.length === 0) return;
      const count = axes.reduce((n, a) => n * (shape[a] ?? 1), 1);
      const kind = pick([
        'sum',
        'sum',
        'max',
        'min',
        'argmax',
        'argmin',
        ...(count <= 4 ? ['prod'] : []),
      ] as const);
      const y = b.reduce(graph, kind as b.ReduceKind, x.node, axes, random(2) === 0);
      put(
        b.cast(graph, y, 'f32'),
        kind === 'sum'
          ? x.bound * count
          : kind === 'prod'
            ? x.bound ** count
            : Math.max(x.bound, count),
      );
    }),
    ...Array<(x: Tensor) => void>(2).fill((x) => {
      const shape = shapeOf(x.node);
      if (shape.length === 0) return;
      const k = shape.at(-1) ?? 1;
      const lead = shape.length > 2 && random(2) === 0 ? shape.slice(0, -2) : [];
      const other =
        random(3) === 0
          ? { node: b.transpose(graph, matrix(graph, x.node)), bound: x.bound }
          : fresh([...lead, k, pick(SIZES)]);
      put(
        b.matmul(
          graph,
          other.node.type.shape.length === 2 && random(3) === 0
            ? matrix(graph, x.node)
            : x.node.type.shape.length >= 1 && other.node.type.shape.at(-2) === k
              ? x.node
              : matrix(graph, x.node),
          other.node,
        ),
        x.bound * other.bound * k,
      );
    }),
    (x) => {
      const shape = shapeOf(x.node);
      if (shape.length === 0) return;
      const axis = random(shape.length);
      put(b.prefix(graph, 'sum', x.node, axis), x.bound * (shape[axis] ?? 1));
    },
    // The same thing twice, by different ways: sharing.
    (x) =>
      put(
        b.add(
          graph,
          x.node,
          b.reshape(
            graph,
            b.reshape(graph, x.node, [elementCount(shapeOf(x.node))]),
            shapeOf(x.node),
          ),
        ),
        2 * x.bound,
      ),
  ];

  pool.push(fresh(randomShape()), fresh(randomShape()));
  const length = 4 + random(14);
  for (let i = 0; i < length; i++) {
    const x =
      random(3) === 0 ? pick(pool) : (pool.at(-1 - random(Math.min(3, pool.length))) ?? pick(pool));
    try {
      pick(steps)(x);
    } catch (e) {
      // Shapes that happen not to fit are simply not taken.
      if (!(e instanceof Error) || e.name !== 'ShapeError') throw e;
    }
  }
  const results: Node[] = [
    pool.at(-1)?.node,
    ...pool.filter(() => random(5) === 0).map((t) => t.node),
  ].filter((n) => n !== undefined);
  const replaces = new Map<number, Node>();
  for (const p of params) {
    const fitting = pool.filter(
      (t) => t.node !== p && shapeOf(t.node).join() === shapeOf(p).join(),
    );
    const last = fitting.at(-1);
    if (last === undefined || random(2) === 0) continue;
    replaces.set(results.length, p);
    results.push(random(2) === 0 ? last.node : b.sub(graph, p, last.node));
  }
  return { graph, results, replaces, inputs };
}

function matrix(graph: Graph, x: Node): Node {
  const shape = shapeOf(x);
  const k = shape.at(-1) ?? 1;
  return b.reshape(graph, x, [elementCount(shape) / k, k]);
}

function randomFactors(n: number, random: Random): number[] {
  const shape: number[] = [];
  let rest = n;
  for (let d = 2; rest > 1 && shape.length < 4; ) {
    if (rest % d !== 0) {
      d++;
      continue;
    }
    if (shape.length > 0 && random(2) === 0) shape[shape.length - 1] = (shape.at(-1) ?? 1) * d;
    else shape.push(d);
    rest /= d;
  }
  if (rest > 1) shape.push(rest);
  if (random(3) === 0) shape.splice(random(shape.length + 1), 0, 1);
  return shape;
}
