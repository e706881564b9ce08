/**
 * Embeds the page of `nnc inspect`: writes `inspect/embedded.ts` from the files in `inspect/page/`, types stripped. Run it
 * after every change there: `node scripts/embed-inspect.ts`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'inspect');

/** The text of `embedded.ts` for the files as they are. */
export function embeddedPage(): string {
  const read = (file: string): string => readFileSync(join(folder, 'page', file), 'utf8');
  const script = stripTypeScriptTypes(read('main.ts'))
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '' && line !== ';')
    .join('\n');
  const lines = (text: string): string =>
    text
      .split(/(?<=\n)/)
      .map((line) => `  ${JSON.stringify(line)},`)
      .join('\n');
  return `/** The page's script and style as text. Written by scripts/embed-inspect.ts; change the files in inspect/page/ instead. */

// biome-ignore format: one line of the page a line.
export const pageScript: string = [
${lines(script)}
].join('');

// biome-ignore format: one line of the page a line.
export const pageStyle: string = [
${lines(read('page.css'))}
].join('');
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(join(folder, 'embedded.ts'), embeddedPage());
