/** The embedded text of the prelude against its files. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { embeddedText } from '../../scripts/embed-std.ts';

test('the embedded prelude is current (else run `node scripts/embed-std.ts`)', () => {
  const file = new URL('../../compiler/std/embedded.ts', import.meta.url);
  expect(readFileSync(file, 'utf8')).toBe(embeddedText());
});
