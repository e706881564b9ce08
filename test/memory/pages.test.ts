/** Blocks and pages against the rules that they must keep: on cases one can see through, and on random ones. */
import { describe, expect, test } from 'vitest';
import { type Block, liveBytes } from '../../compiler/memory/blocks.ts';
import { packPages } from '../../compiler/memory/pack-pages.ts';
import { runPasses } from '../../compiler/rewrite/passes.ts';
import { portable } from '../../compiler/schedule/device.ts';
import { type Random, randomFrom } from '../fuzz/random.ts';
import { randomGraph } from '../fuzz/random-graph.ts';
import { compileGraph } from '../support/run-graph.ts';
import { replay } from './replay.ts';

const block = (bytes: number, from: number, ...readers: number[]): Block => ({
  tensors: [],
  bytes,
  from,
  to: Math.max(from, ...readers),
  begins: [from],
  writers: [from],
  readers,
});

/** Packs, checks the rules, and gives the bytes of the pages. */
function packed(blocks: readonly Block[], limit = 2 ** 30): readonly number[] {
  const { bytes, placeOf } = packPages(blocks, limit);
  const placed = blocks.map((one) => {
    const place = placeOf.get(one);
    if (place === undefined) throw new Error('a block without a place');
    expect(place.offset % 256).toBe(0);
    expect(place.offset + one.bytes).toBeLessThanOrEqual(bytes[place.page] ?? 0);
    return { ...one, ...place };
  });
  for (const a of placed)
    for (const b of placed) {
      if (a === b || a.page !== b.page) continue;
      for (const at of a.writers) expect(b.readers).not.toContain(at);
      const together = a.from <= b.to && b.from <= a.to;
      const overlap = a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes;
      expect(together && overlap).toBe(false);
    }
  return bytes;
}

describe('pages', () => {
  test('a chain needs two: what a kernel reads is never where it writes', () => {
    expect(packed(Array.from({ length: 10 }, (_, i) => block(1024, i, i + 1)))).toEqual([
      1024, 1024,
    ]);
  });
  test('small blocks one after another use the room of a large one before them', () => {
    const blocks = [block(4096, 0, 1), block(2048, 2, 4), block(2048, 3, 4)];
    expect(packed(blocks)).toEqual([4096]);
  });
  test('what does not fit under the limit begins another page', () => {
    const together = Array.from({ length: 4 }, (_, i) => block(1024, i, 9));
    expect(Math.max(...packed(together, 2048))).toBeLessThanOrEqual(2048);
  });
  test('500 random programs (seed 3) keep the rules and stay near the bound', () => {
    const random = randomFrom(3);
    const ratios: number[] = [];
    for (let round = 0; round < 500; round++) {
      const blocks = randomBlocks(random);
      const bytes = packed(blocks).reduce((sum, one) => sum + one, 0);
      ratios.push(bytes / Math.max(...liveBytes(blocks, 40)));
    }
    const mean = ratios.reduce((sum, one) => sum + one, 0) / ratios.length;
    expect(Math.min(...ratios)).toBeGreaterThanOrEqual(1);
    expect(mean).toBeLessThan(1.15);
  });
});

function randomBlocks(random: Random): readonly Block[] {
  return Array.from({ length: 1 + random(30) }, () => {
    const from = random(20);
    const readers = Array.from({ length: 1 + random(3) }, () => from + 1 + random(8));
    return block(256 * (1 + random(64)), from, ...readers);
  });
}

test('random graphs, fused and not: each read finds what was written', () => {
  for (let seed = 1; seed <= 150; seed++) {
    const { graph, results, replaces } = randomGraph(seed);
    for (const fuse of [true, false]) {
      const nodes = fuse ? runPasses(graph, results) : results;
      const made = compileGraph(graph, nodes, { device: portable, fuse, replaces });
      replay(made, [made.kernelPlan]);
    }
  }
});
