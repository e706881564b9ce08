/** Tells one state of the compiler from another without loading it: the files that it consists of, by name, size and time. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
/** What text becomes a plan by. */
const folders = ['grammar', 'compiler', 'runtime'] as const;

let known: string | undefined;

/** In a checkout it changes with every change of a file; in the published package, whose files all have one time, with the version. */
export function compilerFingerprint(): string {
  known ??= [
    versionOf(root),
    ...folders.flatMap((folder) => filesIn(path.join(root, folder))),
  ].join('\n');
  return known;
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) return filesIn(file);
      if (!/\.[jt]s$/.test(entry.name)) return [];
      const { size, mtimeMs } = statSync(file);
      return [`${path.relative(root, file)} ${size} ${mtimeMs}`];
    });
}

/** Of the package, which is beside the sources or above `dist`. */
function versionOf(folder: string): string {
  for (const place of [folder, path.dirname(folder)])
    try {
      const json: unknown = JSON.parse(readFileSync(path.join(place, 'package.json'), 'utf8'));
      return String((json as { version?: unknown }).version);
    } catch {
      // Not here.
    }
  return '';
}
