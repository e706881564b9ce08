/** Shared by the derivative tests: seeded numbers, and values of graphs at named inputs. */

import type { DType } from '../../compiler/graph/dtype.ts';
import type { Graph } from '../../compiler/graph/graph.ts';
import { elementCount, type NdArray, ndArray } from '../../compiler/graph/nd-array.ts';
import type { Node } from '../../compiler/graph/node.ts';
import { interpret } from '../../compiler/interpret/interpret.ts';
import { input } from '../../compiler/ops/leaf.ts';

/** Mulberry32: uniform in [0, 1), the same on every machine. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export type Values = ReadonlyMap<Node, NdArray>;

export const interpreted = (results: readonly Node[], at: Values): NdArray[] =>
  interpret(results, (node) => at.get(node));

export const elementsOf = (result: Node, at: Values): number[] => [
  ...(interpreted([result], at)[0]?.data ?? []),
];

export const dot = (a: NdArray, b: NdArray): number =>
  a.data.reduce((sum, v, i) => sum + v * (b.data[i] ?? Number.NaN), 0);

/** a + h·direction. */
export const moved = (a: NdArray, direction: NdArray, h: number): NdArray => ({
  ...a,
  data: a.data.map((v, i) => v + h * (direction.data[i] ?? 0)),
});

export function randomArray(
  next: () => number,
  dtype: DType,
  shape: readonly number[],
  [low, high]: readonly [number, number] = [-2, 2],
): NdArray {
  const draw = (): number => {
    if (dtype === 'bool') return next() < 0.5 ? 0 : 1;
    const x = low + (high - low) * next();
    return dtype === 'i32' || dtype === 'u32' ? Math.round(x) : x;
  };
  return ndArray(dtype, shape, Array.from({ length: elementCount(shape) }, draw));
}

export const dataInput = (g: Graph, name: string, dtype: DType, shape: readonly number[]): Node =>
  g.make(input, [], { name, kind: 'data', storage: dtype, shape });
