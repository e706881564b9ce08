/** The parts of which modules are made are those in `emit/runtime/`; what puts them together is loaded late. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runtimeText } from '../../scripts/embed-runtime.ts';

test('the embedded text is up to date: node scripts/embed-runtime.ts', () => {
  const file = new URL('../../emit/runtime-text.ts', import.meta.url);
  expect(readFileSync(file, 'utf8')).toBe(runtimeText());
});

test('ts-morph is loaded where a module is written, and nowhere else', () => {
  const folders = ['api', 'cli', 'compiler', 'emit', 'grammar', 'host', 'runtime', 'train'];
  const found = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => {
        const lines = readFileSync(`${folder}/${name}`, 'utf8').split('\n');
        return lines.filter((line) => /^\s*(?:import|export|const|await).*'ts-morph'/.test(line));
      }),
  );
  expect(found.length).toBeGreaterThan(1);
  for (const line of found) expect(line).toMatch(/^import type |await import\('ts-morph'\)/);
});
