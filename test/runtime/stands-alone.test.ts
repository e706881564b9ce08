/** The runtime stands alone; how small it is, `test/package` says. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const folder = new URL('../../runtime/', import.meta.url);
const files = readdirSync(folder).map((name) => ({
  name,
  text: readFileSync(new URL(name, folder), 'utf8'),
}));

test('it imports nothing but itself, and so no Node API', () => {
  for (const { name, text } of files) {
    for (const [, from] of text.matchAll(/\b(?:from |import\()'([^']+)'/g)) {
      expect(from, name).toMatch(/^\.\/[a-z-]+\.ts$/);
    }
    expect(text, name).not.toMatch(/\bprocess\.|\bBuffer\.|\bsetImmediate\b|\brequire\(/);
  }
});
