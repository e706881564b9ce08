/**
 * Golden cases through texts in our language, with the functions and layers of the prelude: every case of
 * the families loss, norm, attention, dropout and softmax, and those of the others for which the prelude has
 * a function. Forward and backward: the f64 interpreter, as written and simplified; the device, fused for
 * the adapter at hand and unfused for the portable class.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { interpret } from '../../compiler/interpret/interpret.ts';
import { runPasses } from '../../compiler/rewrite/passes.ts';
import { portable } from '../../compiler/schedule/device.ts';
import { closeTestDevice, profileOf, runGraph, testDevice } from '../support/run-graph.ts';
import { mismatches } from './cases.ts';
import { families, isOwnFolder, loadGolden } from './load.ts';
import { buildPreludeCase, preludeTable, preludeText } from './prelude-cases.ts';

const whole = ['loss', 'norm', 'attention', 'dropout', 'softmax'];
const set = loadGolden([...new Set([...whole, ...families])]);
/** Cases of other families where the language has another meaning on purpose. */
const otherwise: Readonly<Record<string, string>> = {
  'unary.relu.3': 'relu of NaN is 0: the comparison is what the backward pass keeps',
  'binary.logaddexp.6': 'both sides would stretch at different ranks, which is NN0208',
};
const cases = set.cases.filter(
  (c) =>
    whole.includes(c.family) ||
    (Object.hasOwn(preludeTable, c.expr) && !Object.hasOwn(otherwise, c.id)),
);
/** Kept to the interpreter: WGSL may assume that NaN and infinity never occur, and may flush denormals. */
const beyondWgsl = cases.filter((c) => c.special === 'nonfinite' || c.special === 'denormal');
const counts = { gradients: 0 };

afterAll(async () => {
  const left = beyondWgsl.map((c) => `${c.id} (${c.special})`).join(', ');
  console.log(`prelude: ${cases.length} golden cases; on the device all but ${left}`);
  for (const [id, reason] of Object.entries(otherwise))
    console.log(`prelude: not ${id}: ${reason}`);
  await closeTestDevice();
});

test.runIf(isOwnFolder)('no case is left out', () => {
  const count = (family: string): number => cases.filter((c) => c.family === family).length;
  expect(Object.fromEntries(whole.map((f) => [f, count(f)]))).toEqual({
    loss: 70,
    norm: 23,
    attention: 19,
    dropout: 4,
    softmax: 19,
  });
});

describe.each([...new Set(cases.map((c) => c.family))])('%s', (family) => {
  const own = cases.filter((c) => c.family === family);
  test.each(own.map((c) => [c.id, preludeText(c).of.text, c] as const))(
    '%s %s',
    async (_, __, c) => {
      const built = buildPreludeCase(set, c);
      const wanted = [...built.outputs, ...built.gradients];
      const nodes = wanted.map((w) => w.node);
      const simplified = runPasses(built.graph, nodes);
      counts.gradients += built.gradients.length;
      const values = new Map(built.inputs.map((x) => [x.node, x.value] as const));
      for (const results of [nodes, simplified]) {
        const got = interpret(results, (node) => values.get(node));
        wanted.forEach((w, i) => {
          expect(got[i]?.shape).toEqual(w.want.shape);
          expect(mismatches(c, w, got[i]?.data ?? [])).toEqual([]);
        });
      }
      if (beyondWgsl.includes(c)) return;
      const named = new Map(
        built.inputs.map((x) => [String(x.node.attrs['name']), x.value] as const),
      );
      const device = profileOf(await testDevice());
      for (const [results, options] of [
        [simplified, { device }],
        [nodes, { device: portable, fuse: false }],
      ] as const) {
        const run = await runGraph(built.graph, results, named, options);
        wanted.forEach((w, i) => {
          expect(mismatches(c, w, run.values[i]?.data ?? [])).toEqual([]);
        });
      }
    },
  );
});

test('every stored gradient was compared', () => {
  const stored = cases.reduce((n, c) => n + c.inputs.filter((x) => x.grad).length, 0);
  expect(counts.gradients).toBe(stored);
});
