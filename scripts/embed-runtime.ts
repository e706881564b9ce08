/**
 * Embeds the parts of which the runtime of a written module is made: `emit/runtime-text.ts` from the files of `emit/runtime/`, so
 * that no source is needed where nnc is installed. Run it after every change there: `node scripts/embed-runtime.ts`.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
/** Shared with the compiler. */
const elsewhere = ['compiler/graph/narrow-floats.ts'];

/** The text of `runtime-text.ts` for the files as they are. */
export function runtimeText(): string {
  const own = readdirSync(join(root, 'emit/runtime'))
    .filter((file) => file.endsWith('.ts'))
    .sort();
  const files = [...elsewhere, ...own.map((file) => `emit/runtime/${file}`)];
  const entries = files.map((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const lines = text.split(/(?<=\n)/).map((line) => `      ${JSON.stringify(line)},`);
    const name = file.replace(/^.*\//, '');
    return `  {\n    name: '${name}',\n    text: [\n${lines.join('\n')}\n    ].join(''),\n  },`;
  });
  return `/** The parts of a module's runtime as text. Written by scripts/embed-runtime.ts; change the files in \`runtime/\` instead. */

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are code.
// biome-ignore format: one line of a part a line.
export const runtimeParts: readonly { readonly name: string; readonly text: string }[] = [
${entries.join('\n')}
];
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(join(root, 'emit', 'runtime-text.ts'), runtimeText());
