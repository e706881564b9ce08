/**
 * The golden cases with every node's result rounded to single precision, as a GPU would. It finds
 * overflow (inf/inf, 0·inf) and cancellation in formulas before a kernel exists.
 */
import { describe, expect, test } from 'vitest';
import { isFloat } from '../../compiler/graph/dtype.ts';
import type { NdArray } from '../../compiler/graph/nd-array.ts';
import type { Node } from '../../compiler/graph/node.ts';
import { reachable } from '../../compiler/graph/walk.ts';
import { runPasses } from '../../compiler/rewrite/passes.ts';
import { buildGoldenCase, mismatches } from './cases.ts';
import { families, loadGolden } from './load.ts';

const set = loadGolden();

function interpretSingle(
  results: readonly Node[],
  given: ReadonlyMap<Node, NdArray>,
): readonly (NdArray | undefined)[] {
  const values = new Map<Node, NdArray>(given);
  for (const node of reachable(results)) {
    if (values.has(node)) continue;
    const inputs = node.inputs.flatMap((x) => values.get(x) ?? []);
    const value = node.op.evaluate?.(inputs, node.attrs, node.type);
    if (value === undefined) throw new Error(`no value for ${node.op.name}`);
    values.set(
      node,
      isFloat(node.type.dtype) ? { ...value, data: value.data.map(Math.fround) } : value,
    );
  }
  return results.map((node) => values.get(node));
}

describe.each(families)('%s', (family) => {
  test.each(set.cases.filter((c) => c.family === family))('$id $expr', (c) => {
    const built = buildGoldenCase(set, c);
    const wanted = [...built.outputs, ...built.gradients];
    const results = runPasses(
      built.graph,
      wanted.map((w) => w.node),
    );
    const got = interpretSingle(
      results,
      new Map(built.inputs.map((x) => [x.node, x.value] as const)),
    );
    wanted.forEach((w, i) => {
      expect(mismatches(c, w, got[i]?.data ?? [])).toEqual([]);
    });
  });
});
