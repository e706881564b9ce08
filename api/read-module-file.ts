/** The text of a module of the user's program, where it is a file. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ReadModule } from './call-site.ts';

export const readModuleFile: ReadModule = (url) => {
  try {
    const file = url.startsWith('file:') ? fileURLToPath(url) : url;
    if (!path.isAbsolute(file)) return undefined;
    const relative = path.relative(process.cwd(), file);
    const name = relative.startsWith('..') ? path.basename(file) : relative;
    return { name, text: readFileSync(file, 'utf8') };
  } catch {
    // A module that is no file, or one that has gone: its lines stay unsaid.
    return undefined;
  }
};
