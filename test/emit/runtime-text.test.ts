/** The parts of which modules are made are those in `emit/runtime/`. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runtimeText } from '../../scripts/embed-runtime.ts';

test('the embedded text is up to date: node scripts/embed-runtime.ts', () => {
  const file = new URL('../../emit/runtime-text.ts', import.meta.url);
  expect(readFileSync(file, 'utf8')).toBe(runtimeText());
});
