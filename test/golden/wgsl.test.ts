/**
 * The same golden cases on the device: simplified and fused, for the adapter at hand, and unfused for
 * the portable class. Only cases whose inputs are not finite, or denormal, may be left out: WGSL may
 * assume that the former never occur and may flush the latter. Each one is listed.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { runPasses } from '../../compiler/rewrite/passes.ts';
import { portable } from '../../compiler/schedule/device.ts';
import { closeTestDevice, profileOf, runGraph, testDevice } from '../support/run-graph.ts';
import { buildGoldenCase, mismatches } from './cases.ts';
import { families, isOwnFolder, loadGolden } from './load.ts';

const set = loadGolden();
const beyondWgsl = set.cases.filter((c) => c.special === 'nonfinite' || c.special === 'denormal');

afterAll(async () => {
  console.log(
    `golden cases that WGSL need not get right (${beyondWgsl.length} of ${set.cases.length}): ${beyondWgsl.map((c) => `${c.id} (${c.special})`).join(', ')}`,
  );
  await closeTestDevice();
});

describe.each(families)('%s', (family) => {
  const cases = set.cases.filter((c) => c.family === family && !beyondWgsl.includes(c));
  test.each(cases)('$id $expr', async (c) => {
    const built = buildGoldenCase(set, c);
    const wanted = [...built.outputs, ...built.gradients];
    const nodes = wanted.map((w) => w.node);
    const inputs = new Map(
      built.inputs.map((x) => [String(x.node.attrs['name']), x.value] as const),
    );
    const device = profileOf(await testDevice());
    for (const [results, options] of [
      [runPasses(built.graph, nodes), { device }],
      [nodes, { device: portable, fuse: false }],
    ] as const) {
      const { values } = await runGraph(built.graph, results, inputs, options);
      wanted.forEach((w, i) => {
        expect(mismatches(c, w, values[i]?.data ?? [])).toEqual([]);
      });
    }
  });
});

test.runIf(isOwnFolder)('24 cases are beyond WGSL', () => {
  expect(beyondWgsl.length).toBe(24);
});
