/**
 * The golden cases with every node's result rounded to single precision, as a GPU would. It finds
 * overflow (inf/inf, 0·inf) and cancellation in formulas before a kernel exists.
 */
import { describe, expect, test } from 'vitest';
import { interpret } from '../../compiler/interpret/interpret.ts';
import { runPasses } from '../../compiler/rewrite/passes.ts';
import { buildGoldenCase, mismatches } from './cases.ts';
import { families, loadGolden } from './load.ts';

const set = loadGolden();

describe.each(families)('%s', (family) => {
  test.each(set.cases.filter((c) => c.family === family))('$id $expr', (c) => {
    const built = buildGoldenCase(set, c);
    const wanted = [...built.outputs, ...built.gradients];
    const results = runPasses(
      built.graph,
      wanted.map((w) => w.node),
    );
    const given = new Map(built.inputs.map((x) => [x.node, x.value] as const));
    const got = interpret(results, (node) => given.get(node), { round: Math.fround });
    wanted.forEach((w, i) => {
      expect(mismatches(c, w, got[i]?.data ?? [])).toEqual([]);
    });
  });
});
