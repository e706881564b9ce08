/** Logarithms of what is not positive: NaN and minus infinity on the device as in the interpreter, never finite nonsense. */
import { afterAll, expect, test } from 'vitest';
import * as b from '../../compiler/builder.ts';
import { Graph } from '../../compiler/graph/graph.ts';
import { ndArray } from '../../compiler/graph/nd-array.ts';
import { interpret } from '../../compiler/interpret/interpret.ts';
import { log, log1p, log2 } from '../../compiler/scalar/intrinsics.ts';
import { closeTestDevice, profileOf, runGraph, testDevice } from '../support/run-graph.ts';

afterAll(closeTestDevice);

test.each([
  ['log', log, [-2.5, -1e-30, 0, 1, 2.5, 1e30, -7, 0.5]],
  ['log2', log2, [-2.5, -1e-30, 0, 1, 2.5, 1e30, -8, 0.5]],
  ['log1p', log1p, [-3, -1.5, -1, -0.5, 0, 1e-7, 2, 1e30]],
] as const)('%s', async (_, fn, points) => {
  const g = new Graph();
  const x = b.input(g, 'x', 'data', 'f32', [points.length]);
  const y = b.elementwise(g, fn, x);
  const single = b.elementwise(g, fn, b.slice(g, x, [1], [1], [1]));
  const given = new Map([['x', ndArray('f32', [points.length], points.map(Math.fround))]]);
  const want = interpret([y, single], (n) => given.get(String(n.attrs['name'])));
  const { values } = await runGraph(g, [y, single], given, {
    device: profileOf(await testDevice()),
  });
  want.forEach((w, i) => {
    w.data.forEach((expected, k) => {
      const got = values[i]?.data[k] ?? 0;
      if (Number.isFinite(expected))
        expect(Math.abs(got - expected)).toBeLessThanOrEqual(1e-5 * (1 + Math.abs(expected)));
      else expect(got).toBe(expected);
    });
  });
});
