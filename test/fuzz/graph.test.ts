/**
 * The graph fuzzer in CI: half a minute from a fixed seed, which is printed. Longer, or from another
 * seed: `npm run fuzz` with NNC_FUZZ_SECONDS and NNC_FUZZ_SEED.
 */
import { afterAll, expect, test } from 'vitest';
import { profileOf, testDevice } from '../support/run-graph.ts';
import { fuzzGraph } from './graph-fuzz.ts';

const seconds = Number(process.env['NNC_FUZZ_SECONDS'] ?? 30);
const first = Number(process.env['NNC_FUZZ_SEED'] ?? 20261122);

afterAll(async () => (await testDevice()).close());

test(
  'interpreter, unfused kernels and fused kernels agree to the last bit',
  async () => {
    const profile = profileOf(await testDevice());
    const end = Date.now() + seconds * 1000;
    let seed = first;
    for (; Date.now() < end; seed++)
      expect(await fuzzGraph(seed, profile), `seed ${seed}`).toBeUndefined();
    console.log(`graph fuzzer: seeds ${first} to ${seed - 1}`);
    expect(seed).toBeGreaterThan(first);
  },
  (seconds + 60) * 1000,
);
