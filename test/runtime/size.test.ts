import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

const folder = new URL('../../runtime/', import.meta.url);
const files = readdirSync(folder).map((name) => ({
  name,
  text: readFileSync(new URL(name, folder), 'utf8'),
}));

test('the whole runtime is small enough for a page: below 20 kB compressed, not even minified', () => {
  const code = files.map(({ text }) => stripTypeScriptTypes(text)).join('\n');
  const bytes = gzipSync(code).byteLength;
  expect(bytes).toBeGreaterThan(1000);
  expect(bytes).toBeLessThan(20_000);
});

test('it imports nothing but itself, and so no Node API', () => {
  for (const { name, text } of files) {
    for (const [, from] of text.matchAll(/\b(?:from |import\()'([^']+)'/g)) {
      expect(from, name).toMatch(/^\.\/[a-z-]+\.ts$/);
    }
    expect(text, name).not.toMatch(/\bprocess\.|\bBuffer\.|\bsetImmediate\b|\brequire\(/);
  }
});
