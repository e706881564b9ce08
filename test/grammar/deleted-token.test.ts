/** A single deleted token is mostly one report. (`test/fuzz/front-end.test.ts` makes random edits.) */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { scan } from '../../grammar/scan/scan.ts';
import { randomFrom } from '../fuzz/random.ts';
import { parseText } from './marked.ts';

const folder = new URL('examples/', import.meta.url);
const sources = readdirSync(folder)
  .filter((name) => name.endsWith('.nn'))
  .map((name) => readFileSync(new URL(name, folder), 'utf8'));

test('a deleted token is one report in at least 19 of 20 texts', () => {
  const random = randomFrom(20261122);
  let several = 0;
  let faulty = 0;
  for (const text of sources) {
    const tokens = scan({ name: 'a.nn', text }).tokens.filter((token) => token.image !== '');
    for (let i = random(12); i < tokens.length; i += 1 + random(12)) {
      const token = tokens[i];
      if (token === undefined) continue;
      const end = token.startOffset + token.image.length;
      const { diagnostics } = parseText(text.slice(0, token.startOffset) + text.slice(end));
      if (diagnostics.length > 0) faulty++;
      if (diagnostics.length > 1) several++;
    }
  }
  expect(faulty).toBeGreaterThan(500);
  expect(several / faulty).toBeLessThan(1 / 20);
});
