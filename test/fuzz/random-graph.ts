/**
 * Random graphs over all ops and element types, first and second derivatives among them. Every result
 * is exact in f32 (`exactness.ts`), so devices must agree with the interpreter to the last bit. Biased
 * to what breaks compilers: views of views, axes of size 1, primes, sharing, results that overwrite inputs.
 */
import { gradient } from '../../compiler/autodiff/gradient.ts';
import * as b from '../../compiler/builder.ts';
import { isPacked } from '../../compiler/graph/dtype.ts';
import { Graph } from '../../compiler/graph/graph.ts';
import { elementCount, type NdArray, ndArray } from '../../compiler/graph/nd-array.ts';
import { type Node, ShapeError } from '../../compiler/graph/node.ts';
import { bindSizes } from '../../compiler/rewrite/bind.ts';
import { meterOf } from './exactness.ts';
import { BOUND_SIZE, type Maker, MOST_ELEMENTS, SIZES, shapeOf } from './maker.ts';
import { pickFrom, randomFrom } from './random.ts';
import { steps } from './random-steps.ts';

export interface FuzzCase {
  readonly graph: Graph;
  readonly results: readonly Node[];
  /** The results before the size `n` was bound. */
  readonly unbound: readonly Node[];
  /** Which result overwrites which input. */
  readonly replaces: ReadonlyMap<number, Node>;
  readonly inputs: ReadonlyMap<string, NdArray>;
}

export function randomGraph(seed: number): FuzzCase {
  const random = randomFrom(seed);
  const graph = new Graph();
  const inputs = new Map<string, NdArray>();
  const meter = meterOf(inputs, BOUND_SIZE);
  const pool: Node[] = [];
  const owned: Node[] = [];
  const pick = <T>(list: readonly T[]): T => pickFrom(random, list);

  const maker: Maker = {
    graph,
    random,
    meter,
    pick,
    find: (fits) => {
      const all = pool.filter(fits);
      return all.length === 0 ? undefined : pick(all);
    },
    shape(most = MOST_ELEMENTS / 4) {
      const shape = Array.from({ length: random(4) }, () => pick(SIZES) as number);
      while (elementCount(shape) > most) shape[random(shape.length)] = 1;
      return shape;
    },
    fresh(shape, asked) {
      const storage =
        asked ??
        pick([
          ...(['f32', 'f32', 'f32', 'i32', 'u32', 'bool'] as const),
          ...(['u8', 'i8', 'u16', 'i16', 'bf16'] as const),
        ]);
      const kind = storage !== 'bool' && random(3) === 0 ? 'param' : 'data';
      const name = `x${inputs.size}`;
      const node = b.input(graph, name, kind, storage, shape);
      const count = elementCount(shape);
      const draw = (): number =>
        storage === 'bool' ? random(2) : storage.startsWith('u') ? random(9) : random(9) - 4;
      inputs.set(name, ndArray(node.type.dtype, shape, Array.from({ length: count }, draw)));
      // What is packed is for reading: nothing gives it a next value.
      if (kind === 'param' && !isPacked(storage)) owned.push(node);
      return random(6) === 0 ? b.variable(graph, node, name) : node;
    },
  };
  const put = (node: Node | undefined): boolean => {
    if (node === undefined || elementCount(shapeOf(node)) > MOST_ELEMENTS) return false;
    if (!meter.isExact(node)) return false;
    pool.push(node);
    return true;
  };
  /** Shapes that happen not to fit are simply not taken. */
  const attempt = (make: () => Node | undefined): boolean => {
    try {
      return put(make());
    } catch (e) {
      if (e instanceof ShapeError) return false;
      throw e;
    }
  };

  pool.push(maker.fresh(maker.shape()), maker.fresh(maker.shape(), 'f32'));
  const length = 4 + random(14);
  for (let i = 0; i < length; i++) {
    const recent = pool.at(-1 - random(Math.min(3, pool.length)));
    const x = random(3) === 0 || recent === undefined ? pick(pool) : recent;
    const step = pick(steps);
    // What grew too large to be exact gets small operands instead.
    if (!attempt(() => step(maker, x))) attempt(() => step(maker, clamped(graph, x)));
  }
  if (random(2) === 0) for (const grad of derivatives(maker, pool)) put(grad);
  return finished(maker, pool, owned, inputs);
}

/** Values between -4 and 4 (for u32: at most 4). */
export function clamped(g: Graph, x: Node): Node {
  if (x.type.dtype === 'bool') return x;
  const low = b.minimum(g, x, 4);
  return x.type.dtype === 'u32' ? low : b.maximum(g, low, -4);
}

/** Derivatives of a random scalar by some inputs and inner tensors, and of those once more. */
function derivatives({ graph, random, pick }: Maker, pool: readonly Node[]): Node[] {
  const floats = pool.filter((n) => n.type.dtype === 'f32');
  if (floats.length < 2) return [];
  const of = (y: Node): Node[] => {
    const wrt = floats.filter((n) => n !== y && random(3) === 0);
    return gradient(graph, b.sum(graph, b.mul(graph, y, pick([1, 2, -1])), undefined), wrt).filter(
      (n) => n !== undefined,
    );
  };
  const first = of(floats.at(-1 - random(Math.min(4, floats.length))) ?? pick(floats));
  const second = first.length > 0 && random(2) === 0 ? of(pick(first)) : [];
  return [...first, ...second];
}

function finished(
  { graph, random, meter }: Maker,
  pool: readonly Node[],
  owned: readonly Node[],
  inputs: ReadonlyMap<string, NdArray>,
): FuzzCase {
  const results = [pool.at(-1), ...pool.filter(() => random(5) === 0)].filter(
    (n) => n !== undefined,
  );
  const replaced: [number, Node][] = [];
  for (const p of owned) {
    const like = pool.filter(
      (n) => n !== p && n.type.dtype === p.type.dtype && shapeOf(n).join() === shapeOf(p).join(),
    );
    const last = like.at(-1);
    if (last === undefined || random(2) === 0) continue;
    const moved = random(2) === 0 ? last : b.sub(graph, p, last);
    if (!meter.isExact(moved)) continue;
    replaced.push([results.length, p]);
    results.push(moved);
  }
  const bound = bindSizes(graph, results, { n: BOUND_SIZE });
  return { graph, results: bound, unbound: results, replaces: new Map(replaced), inputs };
}
