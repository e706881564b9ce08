/** Gather, scatter and sort: on the device exactly what the reference says, at odd sizes and in every kind of kernel. */
import { describe, expect, test } from 'vitest';
import { gradient } from '../../compiler/autodiff/gradient.ts';
import * as b from '../../compiler/builder.ts';
import type { DType, StorageDType } from '../../compiler/graph/dtype.ts';
import { loadedAs } from '../../compiler/graph/dtype.ts';
import { Graph } from '../../compiler/graph/graph.ts';
import { elementCount, type NdArray, ndArray } from '../../compiler/graph/nd-array.ts';
import type { Node } from '../../compiler/graph/node.ts';
import { interpret } from '../../compiler/interpret/interpret.ts';
import { textOf } from '../../compiler/ops/leaf.ts';
import { runPasses } from '../../compiler/rewrite/passes.ts';
import { compileGraph, type RunOptions, runGraph } from '../support/run-graph.ts';

/** Small whole numbers, so that sums in any order are exact. */
function given(shape: readonly number[], dtype: DType, lo: number, hi: number): NdArray {
  let state = 88172645463325252n;
  const next = (): number => {
    state ^= (state << 13n) & 0xffffffffffffffffn;
    state ^= state >> 7n;
    state ^= (state << 17n) & 0xffffffffffffffffn;
    return Number(state & 0xffffffn) / 0x1000000;
  };
  return ndArray(
    dtype,
    shape,
    Array.from({ length: elementCount(shape) }, () => lo + Math.floor(next() * (hi - lo))),
  );
}

/** The sign of a zero depends on whether 0 times a negative number was added. */
const unsigned = (data: Float64Array): number[] => [...data].map((v) => v + 0);

class Case {
  readonly g = new Graph();
  readonly values = new Map<string, NdArray>();
  input(
    name: string,
    shape: readonly number[],
    {
      storage = 'f32',
      kind = 'data',
      lo = -4,
      hi = 5,
    }: Partial<{
      storage: StorageDType;
      kind: 'data' | 'param';
      lo: number;
      hi: number;
    }> = {},
  ): Node {
    this.values.set(name, given(shape, loadedAs(storage), lo, hi));
    return b.input(this.g, name, kind, storage, shape);
  }
  async agrees(results: readonly Node[], options: RunOptions = {}): Promise<void> {
    const want = interpret(results, (n) =>
      n.op.name === 'input' ? this.values.get(textOf(n.attrs['name'])) : undefined,
    );
    for (const fuse of [true, false])
      for (const passes of [true, false]) {
        const nodes = passes ? runPasses(this.g, results) : results;
        const { values } = await runGraph(this.g, nodes, this.values, { ...options, fuse });
        values.forEach((v, i) => {
          expect(unsigned(v.data), `result ${i}, fuse ${fuse}, passes ${passes}`).toEqual(
            unsigned(want[i]?.data ?? new Float64Array()),
          );
        });
      }
  }
}

describe('gather', () => {
  test.each([
    [7, 3, 5],
    [4, 4, 8],
    [1, 5, 3],
    [65, 32, 64],
  ])('rows of [%i, %i] by %i ids', async (n, c, k) => {
    const t = new Case();
    const x = t.input('x', [n, c]);
    const ids = t.input('ids', [k], { storage: 'i32', lo: 0, hi: n });
    await t.agrees([b.gather(t.g, x, ids)]);
  });
  test('ids of two axes, an inner axis, ids out of range, ids from bytes', async () => {
    const t = new Case();
    const x = t.input('x', [3, 6, 4]);
    const ids = t.input('ids', [2, 5], { storage: 'i32', lo: -3, hi: 9 });
    const bytes = t.input('bytes', [4], { storage: 'u8', lo: 0, hi: 4 });
    await t.agrees([
      b.gather(t.g, x, ids, 1),
      b.gather(t.g, x, bytes, -1),
      b.takeAlong(
        t.g,
        x,
        b.reshape(t.g, t.input('along', [3, 2, 4], { storage: 'i32', lo: 0, hi: 6 }), [3, 2, 4]),
        1,
      ),
    ]);
  });
  test('inside maps, reductions and products, and of what was computed', async () => {
    const t = new Case();
    const { g } = t;
    const table = t.input('table', [9, 8]);
    const ids = t.input('ids', [6], { storage: 'i32', lo: 0, hi: 9 });
    const more = t.input('more', [6], { storage: 'i32', lo: 0, hi: 6 });
    const rows = b.gather(g, table, ids);
    const squares = b.mul(g, rows, rows);
    const product = b.matmul(g, rows, t.input('w', [8, 5]));
    await t.agrees([
      b.sum(g, squares, -1),
      product,
      b.gather(g, squares, more),
      b.gather(g, product, more),
      b.gather(g, b.sum(g, table, 0), b.iota(g, 3)),
      b.matmul(g, t.input('v', [4, 6]), rows),
    ]);
  });
  test('of positions, padded and flipped', async () => {
    const t = new Case();
    const { g } = t;
    const ids = t.input('ids', [5], { storage: 'i32', lo: 0, hi: 8 });
    const x = t.input('x', [4]);
    await t.agrees([
      b.gather(g, b.iota(g, 8), ids),
      b.gather(g, b.pad(g, x, [2], [2], 7), ids),
      b.gather(g, b.concat(g, [x, b.neg(g, x)], 0), ids),
    ]);
  });
  test('has no kernel of its own', () => {
    const t = new Case();
    const rows = b.gather(t.g, t.input('x', [50, 16]), t.input('ids', [8], { storage: 'i32' }));
    const { kernels } = compileGraph(t.g, [b.sum(t.g, b.mul(t.g, rows, rows), -1)]);
    expect(kernels.map((k) => k.spec.kind)).toEqual(['row']);
  });
});

describe('scatter', () => {
  test.each([
    ['few rows', 5, 12, 3],
    ['many rows', 200, 7, 4],
    ['one row', 1, 9, 2],
    ['one update', 30, 1, 5],
  ])('%s', async (_, n, k, c) => {
    const t = new Case();
    const ids = t.input('ids', [k], { storage: 'i32', lo: -1, hi: n + 1 });
    await t.agrees([b.scatterAdd(t.g, ids, t.input('u', [k, c]), n)]);
  });
  test('the gradient of a gather adds up for ids that come twice', async () => {
    const t = new Case();
    const { g } = t;
    const table = t.input('table', [40, 4]);
    const ids = t.input('ids', [3, 3], { storage: 'i32', lo: 0, hi: 3 });
    const rows = b.gather(g, table, ids);
    const [grad] = gradient(g, b.sum(g, b.mul(g, rows, t.input('ct', [3, 3, 4]))), [table]);
    if (grad === undefined) throw new Error('no gradient');
    await t.agrees([grad]);
  });
  test('a table is updated in place though its rows are read by number', async () => {
    const t = new Case();
    const { g } = t;
    const table = t.input('table', [30, 4], { kind: 'param' });
    const ids = t.input('ids', [8], { storage: 'i32', lo: 0, hi: 30 });
    const rows = b.gather(g, table, ids);
    const [grad] = gradient(g, b.sum(g, b.mul(g, rows, rows)), [table]);
    if (grad === undefined) throw new Error('no gradient');
    const next = b.sub(g, table, grad);
    await t.agrees([next, b.sum(g, rows, -1)], { replaces: new Map([[0, table]]) });
  });
});

describe('sort', () => {
  test.each([false, true])('positions and values, descending %s, with ties', async (descending) => {
    const t = new Case();
    const { g } = t;
    const x = t.input('x', [3, 11], { lo: 0, hi: 6 });
    const order = b.argsort(g, x, { descending });
    const first = b.argsort(g, x, { descending, axis: 0, count: 2 });
    await t.agrees([order, b.takeAlong(g, x, order), first, b.takeAlong(g, x, first, 0)]);
  });
  test('the gradient of sorted values goes back to where they came from', async () => {
    const t = new Case();
    const { g } = t;
    const x = t.input('x', [2, 5], { lo: -50, hi: 50 });
    const top = b.takeAlong(g, x, b.argsort(g, x, { descending: true, count: 2 }));
    const [grad] = gradient(g, b.sum(g, b.mul(g, top, t.input('ct', [2, 2]))), [x]);
    if (grad === undefined) throw new Error('no gradient');
    await t.agrees([grad]);
  });
});
