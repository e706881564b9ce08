/** Adding an op touches one place: these ops exist in this file alone, and run forward, backward and on the device. */
import { afterAll, expect, test } from 'vitest';
import { gradient } from '../../compiler/autodiff/gradient.ts';
import * as b from '../../compiler/builder.ts';
import { Graph } from '../../compiler/graph/graph.ts';
import { type NdArray, ndArray } from '../../compiler/graph/nd-array.ts';
import type { Node, Op } from '../../compiler/graph/node.ts';
import { addConstant, constant, scale } from '../../compiler/index/index-expr.ts';
import { interpret } from '../../compiler/interpret/interpret.ts';
import { defineMap } from '../../compiler/ops/map.ts';
import { runPasses } from '../../compiler/rewrite/passes.ts';
import { add, div, exp, mul, neg } from '../../compiler/scalar/intrinsics.ts';
import { apply, literal } from '../../compiler/scalar/scalar.ts';
import { closeTestDevice, profileOf, runGraph, testDevice } from '../support/run-graph.ts';

afterAll(closeTestDevice);

/** x / (1 + exp(-βx)) with β = 1.7, as one scalar expression: everything else follows. */
const swish: Op = defineMap('swish', 1, (x) =>
  apply(div, x, apply(add, literal(1), apply(exp, apply(neg, apply(mul, literal(1.7), x))))),
);

/** A view of our own: every second element, backwards. */
const everySecondBackwards: Op = {
  name: 'every_second_backwards',
  infer: ([x]) => ({ dtype: x?.dtype ?? 'f32', shape: [Math.ceil(Number(x?.shape[0] ?? 0) / 2)] }),
  lowering: {
    kind: 'view',
    access: ([i = constant(0)], [shape = [1]]) => ({
      pieces: [{ input: 0, at: [addConstant(scale(i, -2), (shape[0] ?? 1) - 1)], guards: [] }],
      other: 0,
    }),
  },
  derivative: {
    kind: 'linear',
    adjoint: ({ graph, node }, grad) => {
      const n = Number(node.inputs[0]?.type.shape[0] ?? 0);
      const m = Number(node.type.shape[0]);
      const index = b.iota(graph, n);
      const rows = b.reshape(graph, index, [n, 1]);
      const source = b.sub(graph, n - 1, b.mul(graph, b.iota(graph, m), 2));
      const hit = b.cast(
        graph,
        b.eq(graph, b.broadcastTo(graph, rows, [n, m]), b.broadcastTo(graph, source, [n, m])),
        'f32',
      );
      return b.matmul(graph, hit, grad);
    },
  },
  evaluate: ([x]) => {
    const data = [...(x?.data ?? [])].reverse().filter((_, i) => i % 2 === 0);
    return ndArray('f32', [data.length], data);
  },
};

test('a map and a view defined here run forward, backward and on the device', async () => {
  const g = new Graph();
  const n = 9;
  const x = b.input(g, 'x', 'data', 'f32', [n]);
  const y = g.make(everySecondBackwards, [g.make(swish, [x])]);
  const loss = b.sum(g, b.mul(g, y, y));
  const [dx] = gradient(g, loss, [x]) as [Node];
  const values = Array.from({ length: n }, (_, i) => Math.fround(Math.sin(i * 1.3) * 2));
  const given = (at: readonly number[]): ReadonlyMap<string, NdArray> =>
    new Map([['x', ndArray('f32', [n], at)]]);
  const run = (node: Node, at: readonly number[]): number[] => [
    ...(interpret([node], (m) => given(at).get(String(m.attrs['name'])))[0]?.data ?? []),
  ];

  const slope = run(dx, values);
  values.forEach((_, i) => {
    const moved = (by: number): number =>
      run(
        loss,
        values.map((v, j) => (j === i ? v + by : v)),
      )[0] ?? Number.NaN;
    expect(slope[i]).toBeCloseTo((moved(1e-5) - moved(-1e-5)) / 2e-5, 6);
  });

  const expected = [run(y, values), slope];
  for (const fuse of [false, true]) {
    const { values: got } = await runGraph(g, runPasses(g, [y, dx]), given(values), {
      device: profileOf(await testDevice()),
      fuse,
    });
    expected.forEach((want, k) => {
      want.forEach((w, i) => {
        expect(got[k]?.data[i]).toBeCloseTo(w, 5);
      });
    });
  }
});
