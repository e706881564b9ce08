/**
 * Embeds the prelude: writes `compiler/std/embedded.ts` from the `.nn` files beside it, so that the
 * compiler reads no files. Run it after every change there: `node scripts/embed-std.ts`.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'compiler', 'std');

/** The text of `embedded.ts` for the files as they are. */
export function embeddedText(): string {
  const files = readdirSync(folder)
    .filter((f) => f.endsWith('.nn'))
    .sort();
  const entries = files.map((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    const lines = text.split(/(?<=\n)/).map((line) => `      ${JSON.stringify(line)},`);
    return `  {\n    name: 'std/${file}',\n    text: [\n${lines.join('\n')}\n    ].join(''),\n  },`;
  });
  return `/** The prelude's files as text. Written by scripts/embed-std.ts; change the \`.nn\` files instead. */
import type { Source } from '../../grammar/source.ts';

// biome-ignore format: one line of the prelude a line.
export const stdSources: readonly Source[] = [
${entries.join('\n')}
];
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(join(folder, 'embedded.ts'), embeddedText());
