/** What shares a kernel, in exact counts, and what must not. */
import { describe, expect, test } from 'vitest';
import * as b from '../../compiler/builder.ts';
import { Graph } from '../../compiler/graph/graph.ts';
import { ndArray } from '../../compiler/graph/nd-array.ts';
import type { Node } from '../../compiler/graph/node.ts';
import { sizeOfAxes } from '../../compiler/kernel/spec.ts';
import { runPasses } from '../../compiler/rewrite/passes.ts';
import { closeTestDevice, compileGraph, runGraph } from '../support/run-graph.ts';

const data = (g: Graph, name: string, shape: readonly number[]): Node =>
  b.input(g, name, 'data', 'f32', shape);
const param = (g: Graph, name: string, shape: readonly number[]): Node =>
  b.input(g, name, 'param', 'f32', shape);

function kernels(
  g: Graph,
  results: readonly Node[],
  replaces: ReadonlyMap<number, Node> = new Map(),
): string[] {
  return compileGraph(g, runPasses(g, results), { replaces }).kernels.map((k) => k.spec.kind);
}

function softmax(g: Graph, x: Node): Node {
  const e = b.exp(g, b.sub(g, x, b.reduce(g, 'max', x, -1, true)));
  return b.div(g, e, b.sum(g, e, -1, true));
}

describe('one kernel', () => {
  test('twenty element-wise ops with broadcasts, two results', () => {
    const g = new Graph();
    const [x, y] = [data(g, 'x', [64, 32]), data(g, 'y', [32])];
    let z = x;
    const results: Node[] = [];
    for (let i = 0; i < 20; i++) {
      z = b.tanh(g, b.add(g, b.mul(g, z, 1.5), y));
      if (i === 9) results.push(z);
    }
    expect(kernels(g, [...results, z])).toEqual(['map']);
  });

  test('softmax, forward', () => {
    const g = new Graph();
    expect(kernels(g, [softmax(g, data(g, 'x', [128, 10]))])).toEqual(['row']);
  });

  test('layer norm, forward', () => {
    const g = new Graph();
    const x = data(g, 'x', [128, 64]);
    const d = b.sub(g, x, b.mean(g, x, -1, true));
    const v = b.mean(g, b.mul(g, d, d), -1, true);
    expect(kernels(g, [b.div(g, d, b.sqrt(g, b.add(g, v, 1e-5)))])).toEqual(['row']);
  });

  test('a contraction with its prologue of views and scaling, and an epilogue with two results', () => {
    const g = new Graph();
    const image = b.input(g, 'image', 'data', 'u8', [32, 8, 8]);
    const x = b.reshape(g, b.div(g, b.cast(g, image, 'f32'), 255), [32, 64]);
    const z = b.add(g, b.matmul(g, x, data(g, 'w', [64, 16])), data(g, 'b', [16]));
    expect(kernels(g, [z, b.where(g, b.gt(g, z, 0), z, 0)])).toEqual(['contract']);
  });

  test('two reductions over the same rows that do not feed each other', () => {
    const g = new Graph();
    const x = data(g, 'x', [128, 10]);
    expect(kernels(g, [b.sum(g, x, 1), b.reduce(g, 'argmax', x, 1)])).toEqual(['row']);
  });

  test('the gradient of a weight, the optimizer and its slots, in place', () => {
    const g = new Graph();
    const [x, dy] = [data(g, 'x', [32, 64]), data(g, 'dy', [32, 16])];
    const [w, m, v] = [param(g, 'w', [64, 16]), param(g, 'm', [64, 16]), param(g, 'v', [64, 16])];
    const grad = b.matmul(g, b.transpose(g, x), dy);
    const m1 = b.add(g, b.mul(g, m, 0.9), b.mul(g, grad, 0.1));
    const v1 = b.add(g, b.mul(g, v, 0.999), b.mul(g, b.mul(g, grad, grad), 0.001));
    const w1 = b.sub(g, w, b.div(g, b.mul(g, m1, 0.001), b.add(g, b.sqrt(g, v1), 1e-8)));
    const replaces = new Map([w, m, v].map((p, i) => [i, p] as const));
    const { kernels: made, plan } = compileGraph(g, runPasses(g, [w1, m1, v1]), { replaces });
    expect(made.map((k) => k.spec.kind)).toEqual(['contract']);
    // The two factors, and the weights with their moments, which lie in one buffer.
    expect(plan.kernels[0]?.bindings.filter((x) => x.access !== 'uniform').length).toBe(3);
  });
});

describe('views', () => {
  test('cost no kernel between two others', () => {
    const g = new Graph();
    const x = data(g, 'x', [6, 4]);
    const turned = b.reshape(g, b.transpose(g, b.slice(g, x, [5, 0], [-1, 2], [6, 2])), [12]);
    expect(kernels(g, [b.add(g, turned, 1)])).toEqual(['map']);
  });
  test('as a result are one copy; a reshape is none', () => {
    const g = new Graph();
    const x = data(g, 'x', [6, 4]);
    expect(kernels(g, [b.transpose(g, x)])).toEqual(['map']);
    expect(kernels(g, [b.reshape(g, b.exp(g, x), [24])])).toEqual(['map']);
  });
});

describe('separate kernels', () => {
  test('a full reduction does not drag a large stored map into one invocation', () => {
    const g = new Graph();
    const y = b.exp(g, data(g, 'x', [200, 300]));
    const made = compileGraph(g, runPasses(g, [y, b.sum(g, y, [0, 1])])).kernels;
    // The first writes the map row by row and sums each; the second has nothing but those sums.
    expect(made.map((k) => k.spec.kind === 'row' && sizeOfAxes(k.spec.axes))).toEqual([200, 1]);
    expect(made[1]?.spec.operands.map((o) => o.tensor.elements)).toEqual([200, 1]);
  });
  test('a reduction read at other places than its own', () => {
    const g = new Graph();
    const s = b.sum(g, data(g, 'x', [16, 16]), 1);
    const outer = b.sub(g, b.reshape(g, s, [16, 1]), b.reshape(g, s, [1, 16]));
    expect(kernels(g, [outer])).toEqual(['row', 'map']);
  });
  test('what is compared for equality is stored, not computed again elsewhere', () => {
    const g = new Graph();
    const x = b.mul(g, b.add(g, data(g, 'x', [64, 9]), data(g, 'bias', [9])), 3);
    const top = b.reduce(g, 'max', x, 0, true);
    const mask = b.cast(g, b.eq(g, b.broadcastTo(g, top, [64, 9]), x), 'f32');
    const { kernels: made } = compileGraph(
      g,
      runPasses(g, [b.matmul(g, b.transpose(g, mask), data(g, 'y', [64, 9]))]),
    );
    const readers = made.filter((k) =>
      k.spec.operands.some((o) => o.tensor.node.attrs['name'] === 'bias'),
    );
    expect(readers.length).toBe(1);
  });
  test('a cheap result is written by no kernel that its own operand comes after', () => {
    const g = new Graph();
    const [a, c, w] = [data(g, 'a', [1]), data(g, 'c', [1]), data(g, 'w', [2])];
    const low = b.minimum(g, a, data(g, 'b', [1]));
    const chosen = b.where(g, b.eq(g, low, c), a, b.sum(g, w, 0, true));
    const { kernels: made } = compileGraph(g, runPasses(g, [chosen, b.maximum(g, low, c)]));
    const writer = new Map(
      made.flatMap(({ spec }, i) => spec.stores.map((s) => [spec.operands[s.operand]?.tensor, i])),
    );
    for (const [i, { spec }] of made.entries())
      for (const { tensor } of spec.operands)
        expect(writer.get(tensor) ?? 0).toBeLessThanOrEqual(i);
  });
});

test('two cheap results are not put into kernels that would then wait for each other', () => {
  const g = new Graph();
  const wide = b.broadcastTo(g, b.cast(g, b.input(g, 'n', 'data', 'u8', []), 'f32'), [3, 1]);
  const low = b.maximum(g, data(g, 'x', [3, 1]), -1);
  const first = b.slice(g, b.minimum(g, wide, low), [0, 0], [2, 1], [1, 1]);
  // Both are compared for equality, so that both are stored; the first result has as many elements as one, the other as the other.
  const chosen = b.where(g, b.eq(g, wide, low), 0.5, b.where(g, b.lt(g, low, wide), 2, 0));
  expect(kernels(g, [chosen, first])).toEqual(['map', 'map', 'map']);
});

describe('results that overwrite inputs', () => {
  test('in place where the kernel reads them only where it writes', () => {
    const g = new Graph();
    const w = param(g, 'w', [8, 8]);
    expect(kernels(g, [b.sub(g, w, 1)], new Map([[0, w]]))).toEqual(['map']);
  });
  test('in a twin where it reads them elsewhere too, by a copy if they are large', () => {
    const minusTransposed = (size: number) => {
      const g = new Graph();
      const w = param(g, 'w', [size, size]);
      const replaces = new Map([[0, w]]);
      const { plan } = compileGraph(g, [b.sub(g, w, b.transpose(g, w))], { replaces });
      const [program] = plan.programs;
      return [program?.dispatches.length === 1 ? 'one kernel' : 'more', program?.swaps.length];
    };
    expect(minusTransposed(8)).toEqual(['one kernel', 1]);
    expect(minusTransposed(128)).toEqual(['one kernel', 1]);
    expect(minusTransposed(129)).toEqual(['more', 0]);
  });
  test('after every kernel that still reads the old value', () => {
    const g = new Graph();
    const [w, x] = [param(g, 'w', [8, 8]), data(g, 'x', [8, 8])];
    const { kernels: made } = compileGraph(g, runPasses(g, [b.sub(g, w, 1), b.matmul(g, x, w)]), {
      replaces: new Map([[0, w]]),
    });
    expect(made.map((k) => k.spec.kind)).toEqual(['contract', 'map']);
  });
  test('two that swap, in one kernel: all values before all stores', async () => {
    const g = new Graph();
    const [v, w] = [param(g, 'v', [8]), param(g, 'w', [8])];
    const replaces = new Map([
      [0, v],
      [1, w],
    ]);
    const given = new Map([
      ['v', ndArray('f32', [8], [1, 2, 3, 4, 5, 6, 7, 8])],
      ['w', ndArray('f32', [8], [8, 7, 6, 5, 4, 3, 2, 1])],
    ]);
    const { values, plan } = await runGraph(g, [w, v], given, { replaces });
    expect(plan.programs[0]?.dispatches.length).toBe(1);
    expect([...(values[0]?.data ?? [])]).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
    expect([...(values[1]?.data ?? [])]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    await closeTestDevice();
  });
});
