/** Models of `models/` verify clean: the bounds are no tighter than a right device can keep. */
import { afterAll, expect, test } from 'vitest';
import { isSymbolic } from '../../compiler/graph/dim.ts';
import { exampleModel } from '../support/example-models.ts';
import { closeTestDevice } from '../support/run-graph.ts';
import { verifyModel } from './verify-model.ts';

afterAll(closeTestDevice);

test.each(['linreg', 'logreg', 'digits', 'by_hand'])('%s', async (name) => {
  const { model } = exampleModel(name);
  const symbols = model.inputs.flatMap(({ shape }) => shape.filter(isSymbolic));
  const dims = Object.fromEntries(symbols.map(({ key }) => [key, 3]));
  const { findings, kernels } = await verifyModel(model, dims);
  expect(findings).toEqual([]);
  // Most numbers are judged.
  const sum = (of: 'compared' | 'unknown') => kernels.reduce((n, one) => n + one[of], 0);
  expect(sum('unknown')).toBeLessThan(sum('compared') / 100);
  // And on the side of what a right device makes of them, not far inside.
  expect(Math.max(...kernels.map((one) => one.worst?.share ?? 0))).toBeLessThan(1);
});
