/** How large modules are, compressed as a server sends them. Exact bounds; the test prints what they are now. */
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { toScript } from '../../emit/assemble.ts';
import { ship } from './shipped.ts';

const compressed = (text: string): number => gzipSync(text, { level: 9 }).length;

test.each([
  { model: 'mlp', rows: 32, train: false, most: 12_000 },
  { model: 'mnist', rows: 128, train: false, most: 12_000 },
  { model: 'mnist', rows: 128, train: true, most: 20_000 },
])('$model, train: $train, takes less than $most bytes', async ({ model, rows, train, most }) => {
  const { text } = await ship(model, { rows: [rows], train });
  const { script } = await toScript(text);
  const sizes = { ts: compressed(text), js: compressed(script), plain: script.length };
  console.log(`${model}${train ? ' --train' : ''}:`, sizes);
  expect(sizes.js).toBeLessThan(most);
});
