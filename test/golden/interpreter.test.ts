/** All golden cases of the covered families, forward and backward, through the f64 interpreter. What is left out is listed. */
import { describe, expect, test } from 'vitest';
import { interpret } from '../../compiler/interpret/interpret.ts';
import { runPasses } from '../../compiler/rewrite/passes.ts';
import { type BuiltCase, buildGoldenCase, mismatches } from './cases.ts';
import { languageExpressions } from './language-shapes.ts';
import { families, familySizes, isOwnFolder, leftOut, loadGolden } from './load.ts';

const set = loadGolden();
const counts = { gradients: 0 };

test('every family has all its cases (in another folder: as many as its index lists)', () => {
  expect(set.cases.length).toBeGreaterThan(0);
  if (!isOwnFolder) return;
  const all = [...set.cases, ...set.leftOut];
  const counted = families.map((f) => [f, all.filter((c) => c.family === f).length]);
  expect(Object.fromEntries(counted)).toEqual(familySizes);
  for (const { id, reason } of leftOut) {
    const ids = set.leftOut.filter((c) => id.test(c.id)).map((c) => c.id);
    expect(ids, 'a reason without a case').not.toEqual([]);
    console.log(`golden cases left out, ${reason}: ${ids.join(', ')}`);
  }
});

test.runIf(isOwnFolder)('every text in the language belongs to a case', () => {
  const used = new Set(set.cases.map((c) => c.expr));
  expect(Object.keys(languageExpressions).filter((expr) => !used.has(expr))).toEqual([]);
});

function check(c: (typeof set.cases)[number], built: BuiltCase, optimised: boolean): void {
  const wanted = [...built.outputs, ...built.gradients];
  const nodes = wanted.map((w) => w.node);
  const results = optimised ? runPasses(built.graph, nodes) : nodes;
  const values = new Map(built.inputs.map((x) => [x.node, x.value] as const));
  const got = interpret(results, (node) => values.get(node));
  wanted.forEach((w, i) => {
    expect(got[i]?.shape).toEqual(w.want.shape);
    expect(mismatches(c, w, got[i]?.data ?? [])).toEqual([]);
  });
}

describe.each(families)('%s', (family) => {
  test.each(set.cases.filter((c) => c.family === family))('$id $expr', (c) => {
    const built = buildGoldenCase(set, c);
    counts.gradients += built.gradients.length;
    check(c, built, false);
    check(c, built, true);
  });
});

test('a planted difference is found, in a value and in a gradient', () => {
  const c = set.cases.find((one) => one.special === undefined && one.inputs.some((x) => x.grad));
  if (c === undefined) throw new Error('no case with a gradient');
  const built = buildGoldenCase(set, c);
  for (const w of [...built.outputs, ...built.gradients]) {
    const wrong = [...w.want.data];
    wrong[0] = (wrong[0] ?? 0) * 1.01 + 0.01;
    expect(mismatches(c, w, wrong).length).toBe(1);
    expect(mismatches(c, w, wrong.slice(1)).length).toBe(1);
  }
});

test('every stored gradient was compared', () => {
  const stored = set.cases.reduce((n, c) => n + c.inputs.filter((x) => x.grad).length, 0);
  expect(counts.gradients).toBe(stored);
});
