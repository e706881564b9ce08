/** The runtime is small, and stands alone. */
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
// Vitest brings it.
import { build } from 'vite';
import { expect, test } from 'vitest';

const folder = new URL('../../runtime/', import.meta.url);
const files = readdirSync(folder).map((name) => ({
  name,
  text: readFileSync(new URL(name, folder), 'utf8'),
}));

test('the whole runtime is small enough for a page: below 20 kB compressed', async () => {
  const entry = new URL('index.ts', folder).pathname;
  const lib = { entry, formats: ['es' as const] };
  const built = await build({ configFile: false, logLevel: 'error', build: { write: false, lib } });
  const [bundle] = [built].flat().flatMap((one) => ('output' in one ? one.output : []));
  const code = bundle !== undefined && 'code' in bundle ? bundle.code : '';
  expect(code).toContain('createComputePipelineAsync');
  expect(gzipSync(code).byteLength).toBeLessThan(20_000);
});

test('it imports nothing but itself, and so no Node API', () => {
  for (const { name, text } of files) {
    for (const [, from] of text.matchAll(/\b(?:from |import\()'([^']+)'/g)) {
      expect(from, name).toMatch(/^\.\/[a-z-]+\.ts$/);
    }
    expect(text, name).not.toMatch(/\bprocess\.|\bBuffer\.|\bsetImmediate\b|\brequire\(/);
  }
});
