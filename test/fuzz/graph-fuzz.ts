/** One round of the graph fuzzer: interpreter, unfused kernels and fused kernels must agree exactly. */
import { interpret } from '../../compiler/interpret/interpret.ts';
import { runPasses } from '../../compiler/rewrite/passes.ts';
import type { DeviceProfile } from '../../compiler/schedule/device.ts';
import { type RunOptions, runGraph } from '../support/run-graph.ts';
import { randomGraph } from './random-graph.ts';

export interface Mismatch {
  readonly seed: number;
  readonly variant: string;
  readonly result: number;
  readonly element: number;
  readonly expected: number;
  readonly got: number;
}

export interface Variant {
  readonly name: string;
  readonly simplify: boolean;
  readonly options: RunOptions;
}

const variants = (device: DeviceProfile): readonly Variant[] => [
  { name: 'unfused', simplify: false, options: { device, fuse: false } },
  { name: 'fused', simplify: true, options: { device, fuse: true } },
  {
    name: 'fused for a gpu',
    simplify: true,
    options: { device: { ...device, class: 'gpu' }, fuse: true },
  },
];

export async function fuzzGraph(
  seed: number,
  device: DeviceProfile,
  only?: string,
): Promise<Mismatch | undefined> {
  const { graph, results, replaces, inputs } = randomGraph(seed);
  const expected = interpret(results, (n) => inputs.get(String(n.attrs['name'])));
  for (const variant of variants(device)) {
    if (only !== undefined && variant.name !== only) continue;
    const nodes = variant.simplify ? runPasses(graph, results) : results;
    const { values } = await runGraph(graph, nodes, inputs, { ...variant.options, replaces });
    for (const [i, want] of expected.entries()) {
      const got = values[i];
      for (let j = 0; j < want.data.length; j++) {
        const [w, g] = [want.data[j] ?? Number.NaN, got?.data[j] ?? Number.NaN];
        if (w !== g && !(Number.isNaN(w) && Number.isNaN(g)))
          return { seed, variant: variant.name, result: i, element: j, expected: w, got: g };
      }
    }
  }
  return undefined;
}
