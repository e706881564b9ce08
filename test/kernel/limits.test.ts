/** WebGPU's limits are the compiler's business: bindings, grids, sizes. */
import { afterAll, describe, expect, test } from 'vitest';
import * as b from '../../compiler/builder.ts';
import { Graph } from '../../compiler/graph/graph.ts';
import { elementCount, type NdArray, ndArray } from '../../compiler/graph/nd-array.ts';
import type { Node } from '../../compiler/graph/node.ts';
import { interpret } from '../../compiler/interpret/interpret.ts';
import { CapacityError } from '../../compiler/plan/capacity-error.ts';
import { runPasses } from '../../compiler/rewrite/passes.ts';
import { portable } from '../../compiler/schedule/device.ts';
import { MAX_WORKGROUPS } from '../../compiler/wgsl/print-kernel.ts';
import {
  closeTestDevice,
  compileGraph,
  profileOf,
  runGraph,
  testDevice,
} from '../support/run-graph.ts';

afterAll(closeTestDevice);

const whole = (
  g: Graph,
  name: string,
  shape: readonly number[],
  given: Map<string, NdArray>,
): Node => {
  given.set(
    name,
    ndArray(
      'f32',
      shape,
      Array.from({ length: elementCount(shape) }, (_, i) => ((i * 7919) % 13) - 6),
    ),
  );
  return b.input(g, name, 'data', 'f32', shape);
};

async function agrees(
  g: Graph,
  results: readonly Node[],
  given: Map<string, NdArray>,
  device = portable,
): Promise<void> {
  const want = interpret(results, (n) => given.get(String(n.attrs['name'])));
  const { values } = await runGraph(g, runPasses(g, results), given, { device });
  values.forEach((v, i) => {
    expect(v.data).toEqual(want[i]?.data);
  });
}

describe('storage bindings', () => {
  test('a sum of twenty tensors is cut so that no kernel binds more than eight', async () => {
    const g = new Graph();
    const given = new Map<string, NdArray>();
    const xs = Array.from({ length: 20 }, (_, i) => whole(g, `x${i}`, [5, 3], given));
    const sum = xs.reduce((a, x) => b.add(g, a, x));
    const { plan } = compileGraph(g, runPasses(g, [sum]));
    expect(Math.max(...plan.kernels.map((k) => k.bindings.length))).toBeLessThanOrEqual(8);
    await agrees(g, [sum], given);
  });

  test('a concat of thirty tensors too', async () => {
    const g = new Graph();
    const given = new Map<string, NdArray>();
    const joined = b.concat(
      g,
      Array.from({ length: 30 }, (_, i) => whole(g, `x${i}`, [2, 1 + (i % 3)], given)),
      1,
    );
    const { plan } = compileGraph(g, runPasses(g, [joined]));
    expect(Math.max(...plan.kernels.map((k) => k.bindings.length))).toBeLessThanOrEqual(8);
    await agrees(g, [joined], given);
  });
});

describe('grids', () => {
  test('more than 65535 workgroups are folded into two dimensions', async () => {
    const g = new Graph();
    const given = new Map<string, NdArray>();
    // One invocation a row, one row a workgroup at the least: the grid is as large as this device class makes it.
    const x = whole(g, 'x', [MAX_WORKGROUPS * 16 + 5, 1, 3], given);
    const y = b.prefix(g, 'sum', b.reshape(g, x, [MAX_WORKGROUPS * 16 + 5, 3]), 1);
    const { plan } = compileGraph(g, [y], {
      device: { ...portable, class: 'gpu', maxWorkgroupInvocations: 8 },
    });
    const grid = plan.programs[0]?.dispatches[0]?.grid ?? [0, 0, 0];
    expect(Math.max(...grid)).toBeLessThanOrEqual(MAX_WORKGROUPS);
    expect(grid[1]).toBeGreaterThan(1);
    await agrees(g, [y], given, { ...portable, class: 'gpu', maxWorkgroupInvocations: 8 });
  });
});

describe('sizes', () => {
  test('a tensor past the binding limit is refused with its name and the limit', () => {
    const g = new Graph();
    const x = b.input(g, 'image', 'data', 'f32', [1024, 1024]);
    const device = { ...portable, maxBindingBytes: 1 << 20 };
    expect(() => compileGraph(g, [b.sum(g, x, 0)], { device })).toThrow(CapacityError);
    expect(() => compileGraph(g, [b.sum(g, x, 0)], { device })).toThrow(
      /`(image|r0)` needs 4\.2 MB; this device binds at most 1\.0 MB/,
    );
  });

  test('sums of a few long rows are split, and agree', async () => {
    const g = new Graph();
    const given = new Map<string, NdArray>();
    const x = whole(g, 'x', [3, 9000], given);
    const results = [b.sum(g, x, 1), b.reduce(g, 'max', x), b.sum(g, x)];
    await agrees(g, results, given);
    await agrees(g, results, given, profileOf(await testDevice()));
    const { kernels } = compileGraph(g, runPasses(g, [b.sum(g, x)]));
    expect(kernels.length).toBe(2);
  });
});
