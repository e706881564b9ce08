/** What two kernels would hold at once keeps them apart: in registers, and in memory. */
import { describe, expect, test } from 'vitest';
import * as b from '../../compiler/builder.ts';
import { groupKernels } from '../../compiler/fuse/group-kernels.ts';
import type { KernelPlan } from '../../compiler/fuse/plan-kernels.ts';
import { Graph } from '../../compiler/graph/graph.ts';
import type { Node } from '../../compiler/graph/node.ts';
import { blocksOf, liveBytes, scratchOf } from '../../compiler/memory/blocks.ts';
import { paddedBytes } from '../../compiler/plan/buffer-table.ts';
import { type DeviceProfile, portable } from '../../compiler/schedule/device.ts';
import { compileGraph, type RunOptions } from '../support/run-graph.ts';

const MIB = 2 ** 20;
const gpu: DeviceProfile = { ...portable, class: 'gpu' };

const data = (g: Graph, name: string, shape: readonly number[]): Node =>
  b.input(g, name, 'data', 'f32', shape);

function planOf(build: (g: Graph) => Node, options: RunOptions): KernelPlan {
  const g = new Graph();
  return compileGraph(g, [build(g)], options).kernelPlan;
}

const reasons = (plan: KernelPlan): string[] =>
  plan.explain().flatMap((rows) => rows.flatMap((row) => row.apart.map((a) => a.reason)));

function peakOf(plan: KernelPlan): number {
  const { kernels } = plan;
  const blocks = blocksOf(kernels, scratchOf(plan), ({ storage, elements }) =>
    paddedBytes(storage, elements),
  );
  return Math.max(0, ...liveBytes(blocks, kernels.length));
}

describe('registers', () => {
  /** So many sums over each row, in one loop if they are one kernel. */
  const sums =
    (count: number) =>
    (g: Graph): Node => {
      const x = data(g, 'x', [4096, 64]);
      const each = Array.from({ length: count }, (_, i) => b.sum(g, b.mul(g, x, i + 0.5), 1));
      return each.reduce((total, one) => b.add(g, total, one));
    };

  test('a GPU holds 128 numbers: 100 sums of a row are one kernel, 140 are not', () => {
    expect(planOf(sums(100), { device: gpu }).kernels.length).toBe(1);
    const plan = planOf(sums(140), { device: gpu });
    expect(plan.kernels.length).toBe(2);
    expect(reasons(plan)).toContain('an invocation would hold 142 numbers at once, of at most 128');
  });
  test('the cache of a CPU holds more', () => {
    const plan = planOf(sums(140), { device: portable });
    expect(plan.kernels.length).toBe(1);
    expect(reasons(plan)).toEqual([]);
  });
  test('but not everything: 150 places of a best value, two numbers each', () => {
    const places =
      (count: number) =>
      (g: Graph): Node => {
        const x = data(g, 'x', [4096, 64]);
        const each = Array.from({ length: count }, (_, i) =>
          b.reduce(g, 'argmax', b.mul(g, x, i + 0.5), 1),
        );
        return each.reduce((total, one) => b.add(g, total, one));
      };
    expect(planOf(places(120), { device: portable }).kernels.length).toBe(1);
    expect(reasons(planOf(places(150), { device: portable }))).toContain(
      'an invocation would hold 302 numbers at once, of at most 256',
    );
  });
});

describe('memory', () => {
  const [side, mib] = [2048, 16];
  /** Five maps over the same three tensors, each needed by one product, one after another. */
  function branches(g: Graph): Node {
    const [x, y, z] = ['x', 'y', 'z'].map((name) => data(g, name, [side, side]));
    if (x === undefined || y === undefined || z === undefined) throw new Error('no inputs');
    const products = Array.from({ length: 5 }, (_, i) => {
      const map = b.mul(g, z, b.tanh(g, b.add(g, b.mul(g, x, i + 0.5), y)));
      return b.matmul(g, map, data(g, `w${i}`, [side, 8]));
    });
    return products.reduce((total, one) => b.add(g, total, one));
  }
  const fusedWith = (fusion: RunOptions['fusion'] = {}): KernelPlan => planOf(branches, { fusion });
  const apart = peakOf(planOf(branches, { fuse: false }));

  test('apart, only one of the maps is in use', () => {
    expect(apart / MIB).toBeGreaterThan(mib);
    expect(apart / MIB).toBeLessThan(2 * mib);
  });
  test('as one, all are, where that may be', () => {
    const plan = fusedWith({ mostLive: Number.POSITIVE_INFINITY });
    expect(plan.kernels.length).toBe(6);
    expect(peakOf(plan) / MIB).toBeGreaterThan(5 * mib);
  });
  test('hardly more than apart, unless told', () => {
    const plan = fusedWith();
    expect(peakOf(plan)).toBeLessThanOrEqual(1.05 * apart);
    expect(reasons(plan)).toContainEqual(
      expect.stringMatching(
        /^results of 32\.\d MiB would be in use at once, of at most 17\.\d MiB$/,
      ),
    );
  });
  test('some of them, within what is allowed', () => {
    const plan = fusedWith({ mostLive: 50 * MIB });
    expect(plan.kernels.length).toBe(7);
    expect(peakOf(plan) / MIB).toBeGreaterThan(3 * mib);
    expect(peakOf(plan) / MIB).toBeLessThanOrEqual(50);
  });
  test('no more than apart, where even that is more than allowed', () => {
    const plan = fusedWith({ mostLive: 0 });
    expect(peakOf(plan)).toBeLessThanOrEqual(apart);
  });
  test('small results need not be watched', () => {
    const small = (g: Graph): Node => {
      const [x, y, z] = ['x', 'y', 'z'].map((name) => data(g, name, [64, 64]));
      if (x === undefined || y === undefined || z === undefined) throw new Error('no inputs');
      const products = [1.5, 2.5].map((factor, i) => {
        const map = b.mul(g, z, b.tanh(g, b.add(g, b.mul(g, x, factor), y)));
        return b.matmul(g, map, data(g, `w${i}`, [64, 8]));
      });
      return products.reduce((total, one) => b.add(g, total, one));
    };
    const plan = planOf(small, {});
    expect(peakOf(plan)).toBeGreaterThan(peakOf(planOf(small, { fuse: false })));
    expect(reasons(plan).filter((reason) => reason.includes('in use'))).toEqual([]);
  });
});

describe('kernels side by side', () => {
  /** Pairs: one writes what only the next reads. Nothing else needs anything. */
  const order = ['write a', 'read a', 'write b', 'read b', 'write c', 'read c'];
  const together = (mostLive: number): string[] =>
    groupKernels(order, {
      before: (kernel) => (kernel.startsWith('read') ? [kernel.replace('read', 'write')] : []),
      buffers: (kernel) => new Set([kernel.slice(-1)]),
      maxBindings: 8,
      work: () => 0,
      launch: 1,
      mostLive,
      liveBytes: (groups) => {
        const at = (kernel: string): number => groups.findIndex((g) => g.includes(kernel));
        const alive = (i: number): string[] =>
          ['a', 'b', 'c'].filter((x) => at(`write ${x}`) <= i && i <= at(`read ${x}`));
        return Math.max(...groups.map((_, i) => alive(i).length));
      },
    }).map((group) => group.join(', '));

  test('share dispatches as long as what is in use then is not too much', () => {
    expect(together(3)).toEqual(['write a, write b, write c', 'read a, read b, read c']);
    // `write c` beside the readers of both others would be three.
    expect(together(2)).toEqual(['write a, write b', 'read a, read b', 'write c', 'read c']);
    expect(together(1)).toEqual(order);
  });
  test('or no more than one after another', () => {
    expect(together(0)).toEqual(order);
  });
});
