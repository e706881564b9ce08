/**
 * Embeds the prelude, so that the compiler reads no files: writes `compiler/std/embedded.ts` from the `.nn` files beside it, and
 * `documented.ts` with their comments, which no page needs. Run it after every change there: `node scripts/embed-std.ts`.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'compiler', 'std');

/** The files that are written, by name, for the prelude as it is. */
export function embeddedFiles(): Readonly<Record<'embedded.ts' | 'documented.ts', string>> {
  return {
    'embedded.ts': fileOf(
      "The prelude's files as text, without their comments but line by line where they are.",
      'stdSources',
      withoutComment,
    ),
    'documented.ts': fileOf(
      "The prelude's files as text, with their comments.",
      'documentedSources',
      (line) => line,
    ),
  };
}

/** Comments stand in lines of their own there (`test/std`). */
const withoutComment = (line: string): string => line.replace(/^\s*#.*/, '');

function fileOf(what: string, name: string, kept: (line: string) => string): string {
  const files = readdirSync(folder)
    .filter((f) => f.endsWith('.nn'))
    .sort();
  const entries = files.map((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    const lines = text.split(/(?<=\n)/).map((line) => `      ${JSON.stringify(kept(line))},`);
    return `  {\n    name: 'std/${file}',\n    text: [\n${lines.join('\n')}\n    ].join(''),\n  },`;
  });
  return `/** ${what} Written by scripts/embed-std.ts; change the \`.nn\` files instead. */
import type { Source } from '../../grammar/source.ts';

// biome-ignore format: one line of the prelude a line.
export const ${name}: readonly Source[] = [
${entries.join('\n')}
];
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [file, text] of Object.entries(embeddedFiles()))
    writeFileSync(join(folder, file), text);
