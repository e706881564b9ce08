/**
 * One round of the graph fuzzer: a random graph through the interpreter and through kernels, fused and not,
 * with some passes left out, under any schedule and for several devices. They must agree exactly.
 */
import type { Graph } from '../../compiler/graph/graph.ts';
import type { Node } from '../../compiler/graph/node.ts';
import { interpret } from '../../compiler/interpret/interpret.ts';
import { graphPasses, runPasses } from '../../compiler/rewrite/passes.ts';
import { type DeviceProfile, portable } from '../../compiler/schedule/device.ts';
import { type RunOptions, runGraph } from '../support/run-graph.ts';
import { pickFrom, randomFrom, someOf } from './random.ts';
import type { FuzzCase } from './random-graph.ts';
import { randomSchedule } from './random-schedule.ts';

/** One way to run a graph on the device. */
export interface Variant {
  readonly name: string;
  readonly options: RunOptions;
  /** Left out: the graph as it is. `off` names passes and rules to leave out. */
  readonly passes?: { readonly off: ReadonlySet<string> };
  /** A mistake to plant. */
  spoil?(graph: Graph, nodes: readonly Node[]): readonly Node[];
}

export interface Mismatch {
  readonly result: number;
  readonly element: number;
  readonly expected: number;
  readonly got: number;
}

/** Some merges vetoed, fewer bindings, hardly any memory, with or without kernels side by side. One answer for each seed and pair of kernels. */
function randomFusion(seed: number, device: DeviceProfile): NonNullable<RunOptions['fusion']> {
  const random = randomFrom(seed + 0xf05e);
  const maxBindings = Math.max(5, device.maxBindings - random(device.maxBindings));
  const sideBySide = random(3) > 0;
  const often = 2 + random(4);
  const name = (of: { readonly nodes: readonly Node[] }): string =>
    of.nodes.map((n) => n.op.name).join();
  const veto: NonNullable<RunOptions['fusion']>['veto'] = (a, b) => {
    let mixed = seed;
    for (const letter of `${name(a)}|${name(b)}`)
      mixed = Math.imul(mixed ^ letter.charCodeAt(0), 0x9e3779b1);
    return randomFrom(mixed)(often) === 0;
  };
  const frugal = random(2) > 0;
  return { maxBindings, sideBySide, veto, ...(frugal ? { mostLive: 64 * random(3) } : {}) };
}

/** The compiler's own choice, and one other way. */
export function variantsOf(seed: number, device: DeviceProfile): readonly Variant[] {
  const random = randomFrom(seed + 0x5eed);
  const { subgroupSize: _, ...plain } = device;
  const choose = randomSchedule(seed);
  const none = new Set<string>();
  const names = graphPasses.flatMap((p) => [p.name, ...(p.rules ?? [])]);
  const off = new Set(someOf(random, names, 3));
  const others: readonly Variant[] = [
    {
      name: 'any fusion',
      options: { device, choose, fusion: randomFusion(seed, device) },
      passes: { off: none },
    },
    { name: 'unfused', options: { device, fuse: false } },
    { name: 'any schedule', options: { device, choose }, passes: { off: none } },
    { name: 'any schedule, unfused', options: { device, choose, fuse: false } },
    {
      name: 'any schedule, no subgroups',
      options: { device: plain, choose },
      passes: { off: none },
    },
    {
      name: 'as for a gpu',
      options: { device: { ...device, class: 'gpu' } },
      passes: { off: none },
    },
    { name: 'any device', options: { device: portable }, passes: { off: none } },
    { name: `without ${[...off].join(' ')}`, options: { device }, passes: { off } },
  ];
  return [{ name: 'fused', options: { device }, passes: { off: none } }, pickFrom(random, others)];
}

/** The first element where the device disagrees; an error of compiler or device is thrown. */
export async function runVariant(c: FuzzCase, variant: Variant): Promise<Mismatch | undefined> {
  const expected = interpret(c.results, (n) => c.inputs.get(String(n.attrs['name'])));
  const passed = variant.passes ? runPasses(c.graph, c.results, variant.passes) : c.results;
  const nodes = variant.spoil?.(c.graph, passed) ?? passed;
  const options = { ...variant.options, replaces: c.replaces };
  const { values } = await runGraph(c.graph, nodes, c.inputs, options);
  for (const [result, want] of expected.entries())
    for (let element = 0; element < want.data.length; element++) {
      const [w, g] = [
        want.data[element] ?? Number.NaN,
        values[result]?.data[element] ?? Number.NaN,
      ];
      if (w !== g && !(Number.isNaN(w) && Number.isNaN(g)))
        return { result, element, expected: w, got: g };
    }
  return undefined;
}
