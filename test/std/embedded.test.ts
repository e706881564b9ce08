/** The embedded texts of the prelude against its files. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { documentedSources } from '../../compiler/std/documented.ts';
import { stdSources } from '../../compiler/std/embedded.ts';
import { parse, printAst } from '../../grammar/index.ts';
import { embeddedFiles } from '../../scripts/embed-std.ts';

test.each(Object.entries(embeddedFiles()))(
  '%s is current (else run `node scripts/embed-std.ts`)',
  (name, text) => {
    const file = new URL(`../../compiler/std/${name}`, import.meta.url);
    expect(readFileSync(file, 'utf8')).toBe(text);
  },
);

test('without comments it says the same, in the same lines', () => {
  expect(stdSources.map((source) => source.name)).toEqual(
    documentedSources.map((source) => source.name),
  );
  for (const [i, source] of stdSources.entries()) {
    const documented = documentedSources[i] ?? source;
    const lines = documented.text.split('\n');
    for (const [at, line] of source.text.split('\n').entries())
      expect([lines[at], '']).toContain(line);
    expect(source.text).not.toContain('#');
    const ast = (text: string) => printAst(parse({ name: source.name, text }).file);
    expect(ast(source.text)).toBe(ast(documented.text));
  }
});
