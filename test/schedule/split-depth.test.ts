/** Products of few elements and a long depth, split over it: the same numbers, the epilogue in the sum. */
import { afterAll, describe, expect, test } from 'vitest';
import * as b from '../../compiler/builder.ts';
import { Graph } from '../../compiler/graph/graph.ts';
import { elementCount, type NdArray, ndArray } from '../../compiler/graph/nd-array.ts';
import type { Node } from '../../compiler/graph/node.ts';
import { interpret } from '../../compiler/interpret/interpret.ts';
import { type DeviceProfile, portable } from '../../compiler/schedule/device.ts';
import { closeTestDevice, runGraph } from '../support/run-graph.ts';

afterAll(closeTestDevice);

/** As for a GPU without subgroups, so that the estimates are the same on every adapter. */
const wide: DeviceProfile = { ...portable, class: 'gpu' };

class Inputs {
  readonly graph = new Graph();
  readonly given = new Map<string, NdArray>();

  add(name: string, shape: readonly number[], kind: 'data' | 'param' = 'data'): Node {
    const node = b.input(this.graph, name, kind, 'f32', shape);
    const values = Array.from(
      { length: elementCount(shape) },
      (_, i) => ((i * 7919 + name.length) % 7) - 3,
    );
    this.given.set(name, ndArray('f32', shape, values));
    return node;
  }
}

/** The kinds of the kernels, after results were compared with the interpreter's. */
async function kinds(
  { graph, given }: Inputs,
  results: readonly Node[],
  replaces: ReadonlyMap<number, Node> = new Map(),
): Promise<readonly string[]> {
  const want = interpret(results, (n) => given.get(String(n.attrs['name'])));
  const run = await runGraph(graph, results, given, { device: wide, replaces });
  run.values.forEach((v, i) => {
    expect(v.data).toEqual(want[i]?.data);
  });
  return run.kernels.map((k) => k.spec.kind);
}

describe('split over the depth', () => {
  test.each([
    [5, 7, 512],
    [1, 13, 4096],
    [33, 4, 1000],
  ])('%i x %i x %i, with two outputs', async (m, n, k) => {
    const x = new Inputs();
    const { graph: g } = x;
    const product = b.matmul(g, x.add('a', [m, k]), b.transpose(g, x.add('b', [n, k])));
    const z = b.add(g, product, x.add('bias', [n]));
    expect(await kinds(x, [b.maximum(g, z, 0), z])).toEqual(['contract', 'row']);
  });

  test('batches', async () => {
    const x = new Inputs();
    const products = b.matmul(x.graph, x.add('a', [3, 6, 512]), x.add('b', [3, 512, 5]));
    expect(await kinds(x, [products])).toEqual(['contract', 'row']);
  });

  test('a depth of two axes', async () => {
    const x = new Inputs();
    const [left, right] = [x.add('x', [16, 32, 6]), x.add('y', [16, 32, 5])];
    const weight = b.einsum(x.graph, 'bti,btj->ij', left, right);
    expect(await kinds(x, [weight])).toEqual(['contract', 'row']);
  });

  test('an update of a parameter in place is the end of the sum', async () => {
    const x = new Inputs();
    const { graph: g } = x;
    const w = x.add('w', [12, 10], 'param');
    const gradient = b.matmul(g, b.transpose(g, x.add('a', [512, 12])), x.add('d', [512, 10]));
    const updated = b.sub(g, w, b.mul(g, gradient, 0.5));
    expect(await kinds(x, [updated], new Map([[0, w]]))).toEqual(['contract', 'row']);
  });

  test('a product with tiles enough stays whole', async () => {
    const x = new Inputs();
    const product = b.matmul(x.graph, x.add('a', [384, 128]), x.add('b', [128, 384]));
    expect(await kinds(x, [product])).toEqual(['contract']);
  });
});
