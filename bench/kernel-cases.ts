/** Kernels that are measured alone: what the peers are measured on, and what kernels.md lists figures for. */
import * as b from '../compiler/builder.ts';
import { planKernels } from '../compiler/fuse/plan-kernels.ts';
import { Graph } from '../compiler/graph/graph.ts';
import type { Node } from '../compiler/graph/node.ts';
import type { KernelSpec } from '../compiler/kernel/spec.ts';
import { runPasses } from '../compiler/rewrite/passes.ts';
import type { DeviceProfile } from '../compiler/schedule/device.ts';

export interface KernelCase {
  /** Shapes of the inputs, all f32. */
  readonly inputs: readonly (readonly number[])[];
  build(g: Graph, inputs: readonly Node[]): Node;
}

const rows: readonly number[] = [4096, 1024];

function softmax(g: Graph, x: Node): Node {
  const e = b.exp(g, b.sub(g, x, b.reduce(g, 'max', x, 1, true)));
  return b.div(g, e, b.sum(g, e, 1, true));
}

function layerNorm(g: Graph, x: Node, gain: Node, bias: Node): Node {
  const centred = b.sub(g, x, b.mean(g, x, 1, true));
  const variance = b.mean(g, b.mul(g, centred, centred), 1, true);
  const normal = b.div(g, centred, b.sqrt(g, b.add(g, variance, 1e-5)));
  const wide = (v: Node): Node => b.broadcastTo(g, v, x.type.shape);
  return b.add(g, b.mul(g, normal, wide(gain)), wide(bias));
}

/** y = x; five times: y·1.1, + x, relu, - 0.25. */
function elementwise20(g: Graph, x: Node): Node {
  let y = x;
  for (let i = 0; i < 5; i++) y = b.sub(g, b.maximum(g, b.add(g, b.mul(g, y, 1.1), x), 0), 0.25);
  return y;
}

const of = (
  inputs: KernelCase['inputs'],
  build: (g: Graph, x: Node, y: Node, z: Node) => Node,
): KernelCase => ({
  inputs,
  build: (g, [x, y = x, z = x]) => {
    if (x === undefined || y === undefined || z === undefined) throw new Error('no input');
    return build(g, x, y, z);
  },
});

export const kernelCases: Readonly<Record<string, KernelCase>> = {
  elementwise20: of([[4 * 1024 * 1024]], elementwise20),
  two_inputs: of([[4 * 1024 * 1024], [4 * 1024 * 1024]], (g, x, y) =>
    b.maximum(g, b.add(g, b.mul(g, x, 1.1), y), 0),
  ),
  softmax: of([rows], softmax),
  layernorm: of([rows, [1024], [1024]], layerNorm),
  log_sum_exp: of([rows], (g, x) => {
    const m = b.reduce(g, 'max', x, 1, true);
    return b.add(g, b.log(g, b.sum(g, b.exp(g, b.sub(g, x, m)), 1, true)), m);
  }),
  softmax_10: of([[4096, 10]], softmax),
  softmax_64: of([[4096, 64]], softmax),
  layernorm_64: of([[4096, 64], [64], [64]], layerNorm),
  row_sums: of([rows], (g, x) => b.sum(g, x, 1)),
  column_sums: of([[128, 512]], (g, x) => b.sum(g, x, 0)),
  tall_column_sums: of([[4096, 64]], (g, x) => b.sum(g, x, 0)),
  total: of([[4 * 1024 * 1024]], (g, x) => b.sum(g, x)),
};

/** The kernels of a case, in order. */
export function kernelsOf(
  { inputs, build }: KernelCase,
  device: DeviceProfile,
): readonly KernelSpec[] {
  const g = new Graph();
  const nodes = inputs.map((shape, i) => b.input(g, `x${i}`, 'data', 'f32', shape));
  const [node] = runPasses(g, [build(g, nodes)]);
  if (node === undefined) throw new Error('no result');
  const result = { node, target: { kind: 'output', name: 'y' } } as const;
  return planKernels(
    { graph: g, name: 'predict', results: [result] },
    { fuse: true, maxBindings: device.maxBindings },
  ).kernels;
}
