/** What the printer of failures writes means in the language what the graph means. */
import { expect, test } from 'vitest';
import { interpret } from '../../compiler/interpret/interpret.ts';
import { elaborateText } from '../elaborate/elaborate-text.ts';
import { printModel } from './print-model.ts';
import { randomGraph } from './random-graph.ts';

test('200 random graphs, printed as models and elaborated again', () => {
  let said = 0;
  for (let seed = 1; seed <= 200; seed++) {
    const c = randomGraph(seed);
    const text = printModel({ ...c, replaces: new Map() });
    if (text === undefined) continue;
    said++;
    const { model, diagnostics } = elaborateText(text);
    const errors = diagnostics.filter((d) => d.severity === 'error');
    if (model === undefined || errors.length > 0)
      expect.fail(
        `seed ${seed}: ${errors.map((d) => `${d.code} ${d.message}`).join('; ')}\n${text}`,
      );
    const given = (n: { attrs: Readonly<Record<string, unknown>> }) =>
      c.inputs.get(String(n.attrs['name']));
    const want = interpret(c.results, given);
    const got = interpret(
      model.evaluation.outputs.map((o) => o.node),
      given,
    );
    want.forEach((w, i) => {
      expect(got[i]?.shape, `seed ${seed}`).toEqual(w.shape);
      expect(
        [...(got[i]?.data ?? [])].map((v) => v + 0),
        `seed ${seed}`,
      ).toEqual([...w.data].map((v) => v + 0));
    });
  }
  expect(said).toBeGreaterThan(80);
});
