/**
 * Embeds the page of `nnc inspect`: writes `inspect/embedded.ts` from the files in `inspect/page/`, the script in one piece
 * and without types. Run it after every change there: `node scripts/embed-inspect.ts`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
// Vitest brings it.
import { build } from 'vite';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'inspect');
const styles = ['frame', 'source', 'kernels', 'graph', 'memory'];

/** The text of `embedded.ts` for the files as they are. */
export async function embeddedPage(): Promise<string> {
  const style = styles
    .map((name) => readFileSync(join(folder, 'page', `${name}.css`), 'utf8'))
    .join('');
  return `/** The page's script and style as text. Written by scripts/embed-inspect.ts; change the files in inspect/page/ instead. */

// biome-ignore format: one line of the page a line.
export const pageScript: string = [
${linesOf(await script())}
].join('');

// biome-ignore format: one line of the page a line.
export const pageStyle: string = [
${linesOf(style)}
].join('');
`;
}

async function script(): Promise<string> {
  const made = await build({
    configFile: false,
    logLevel: 'error',
    root: folder,
    build: {
      write: false,
      minify: false,
      rolldownOptions: {
        input: join(folder, 'page', 'main.ts'),
        output: { format: 'iife', comments: false },
      },
    },
  });
  const [chunk] = [made].flat().flatMap((one) => ('output' in one ? one.output : []));
  if (chunk?.type !== 'chunk') throw new Error('the page has no script');
  // The names of the files, which depend on where this runs.
  return chunk.code.replaceAll(/^\t\/\/ .*\.ts\n/gm, '');
}

const linesOf = (text: string): string =>
  text
    .trimEnd()
    .split(/(?<=\n)/)
    .map((line) => `  ${JSON.stringify(line)},`)
    .join('\n');

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(join(folder, 'embedded.ts'), await embeddedPage());
