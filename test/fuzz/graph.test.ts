/**
 * The graph fuzzer in CI: about half a minute from a fixed seed, which is printed. Longer, or from another
 * seed: `npm run fuzz` with NNC_FUZZ_SECONDS and NNC_FUZZ_SEED. What fails is shrunk and shown as a model.
 */
import { afterAll, expect, test } from 'vitest';
import { reachable } from '../../compiler/graph/walk.ts';
import { builtinOps } from '../../compiler/ops/registry.ts';
import { closeTestDevice, profileOf, testDevice } from '../support/run-graph.ts';
import { variantsOf } from './graph-fuzz.ts';
import { randomGraph } from './random-graph.ts';
import { failureOf, failureReport, shrunk } from './report.ts';

const seconds = Number(process.env['NNC_FUZZ_SECONDS'] ?? 30);
const first = Number(process.env['NNC_FUZZ_SEED'] ?? 20261122);

afterAll(closeTestDevice);

test(
  'interpreter and kernels agree to the last bit, whatever is fused, left out or scheduled',
  async () => {
    const profile = profileOf(await testDevice());
    const end = Date.now() + seconds * 1000;
    const ways = new Map<string, number>();
    let seed = first;
    for (; Date.now() < end; seed++) {
      if ((seed - first) % 50 === 49) await closeTestDevice();
      const c = randomGraph(seed);
      for (const variant of variantsOf(seed, profile)) {
        const way = variant.name.replace(/ .*(?<=without.*)/, '');
        ways.set(way, (ways.get(way) ?? 0) + 1);
        const failure = await failureOf(c, variant);
        if (failure === undefined) continue;
        const small = await shrunk(c, variant, failure);
        expect.fail(await failureReport(seed, small, variant, failure));
      }
    }
    const counts = [...ways].map(([way, n]) => `${way} ${n}`).join(', ');
    console.log(`graph fuzzer: seeds ${first} to ${seed - 1} (${counts})`);
    expect(seed).toBeGreaterThan(first);
  },
  (seconds + 120) * 1000,
);

test('every op occurs in the random graphs, so a new one needs a step of its own', () => {
  const missing = new Set(builtinOps.map((op) => op.name));
  for (let seed = first; seed < first + 3000 && missing.size > 0; seed++)
    for (const n of reachable(randomGraph(seed).unbound)) missing.delete(n.op.name);
  expect([...missing]).toEqual([]);
});
