/** The fuzzer finds mistakes that are planted in a rewrite and in a kernel, and shrinks them to a few lines. */
import { afterAll, expect, test } from 'vitest';
import { reachable } from '../../compiler/graph/walk.ts';
import { type Rule, rewriteFully } from '../../compiler/rewrite/rebuild.ts';
import { closeTestDevice, profileOf, testDevice } from '../support/run-graph.ts';
import type { Variant } from './graph-fuzz.ts';
import { type FuzzCase, randomGraph } from './random-graph.ts';
import { failureOf, failureReport, shrunk } from './report.ts';

afterAll(closeTestDevice);

/** The first failure of a spoilt compiler, made small. */
async function found(variant: Variant): Promise<{ seed: number; small: FuzzCase; report: string }> {
  for (let seed = 1; seed < 200; seed++) {
    const c = randomGraph(seed);
    const failure = await failureOf(c, variant);
    if (failure === undefined) continue;
    const small = await shrunk(c, variant, failure);
    return { seed, small, report: await failureReport(seed, small, variant, failure) };
  }
  throw new Error('the mistake was not found');
}

const opsOf = (c: FuzzCase): string[] =>
  reachable(c.results).flatMap((n) => (n.inputs.length === 0 ? [] : [n.op.name]));
const elements = (c: FuzzCase): number =>
  Math.max(
    ...reachable(c.results).map((n) => n.type.shape.reduce<number>((p, d) => p * Number(d), 1)),
  );

test('a rewrite that forgets that a slice may walk backwards in steps of two', async () => {
  const forgetful: Rule = {
    name: 'planted/slice',
    apply: (graph, node) => {
      const step = node.attrs['step'];
      if (node.op.name !== 'slice' || !Array.isArray(step) || !step.includes(-2)) return undefined;
      const wrong = step.map((s) => (s === -2 ? -1 : Number(s)));
      return graph.make(node.op, node.inputs, { ...node.attrs, step: wrong });
    },
  };
  const device = profileOf(await testDevice());
  const { small, report } = await found({
    name: 'planted',
    options: { device },
    passes: { off: new Set() },
    spoil: (graph, nodes) => rewriteFully(graph, nodes, [forgetful]),
  });
  expect(opsOf(small)).toEqual(['slice']);
  expect(elements(small)).toBeLessThanOrEqual(4);
  expect(report).toMatch(/^# seed \d+, planted: r0 at element \d+ is/);
  expect(report).toMatch(/# replay: NNC_FUZZ_SEED=\d+ /);
  expect(report).toMatch(/^input \w+: \w+\[.*\]\nlet v1 = \w+\[.*:-2.*\]\noutput r0 = v1\n$/m);
}, 240_000);

test('a kernel that takes the smaller for the larger', async () => {
  const device = profileOf(await testDevice());
  const { small, report } = await found({
    name: 'planted',
    options: {
      device,
      edit: (plan) => ({
        ...plan,
        kernels: plan.kernels.map((k) => ({ ...k, wgsl: k.wgsl.replaceAll('max(', 'min(') })),
      }),
    },
    passes: { off: new Set() },
  });
  expect(opsOf(small).length).toBeLessThanOrEqual(2);
  expect(elements(small)).toBeLessThanOrEqual(8);
  expect(report).toMatch(/max/);
}, 240_000);
