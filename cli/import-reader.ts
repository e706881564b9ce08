/** Finds the files that `import` names: relative to the file that imports them. */
import { realpathSync } from 'node:fs';
import path from 'node:path';
import type { ReadImport } from '../compiler/elaborate/imports.ts';
import type { Source } from '../grammar/index.ts';
import { UserError } from './failure.ts';
import { readSource } from './source-file.ts';

/** A file has one name however it is reached, so that one that comes back to itself is noticed. */
export function importReader(main: Source): ReadImport {
  const names = new Map([[identity(main.name), main]]);
  return (file, from) => {
    const name = path.isAbsolute(file) ? path.normalize(file) : path.join(path.dirname(from), file);
    const known = names.get(identity(name));
    if (known !== undefined) return known;
    try {
      const source = readSource(name);
      names.set(identity(name), source);
      return source;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { tried: name, reason: error.message, help: error.help };
    }
  };
}

/** The real path; the one given where there is no such file. */
function identity(name: string): string {
  try {
    return realpathSync(name);
  } catch {
    return name;
  }
}
