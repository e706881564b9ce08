/** The version of the package that this file is part of, in a checkout and in `dist/`. */
import { readFileSync } from 'node:fs';

export function readVersion(): string {
  for (const place of ['../package.json', '../../package.json']) {
    try {
      const json: unknown = JSON.parse(readFileSync(new URL(place, import.meta.url), 'utf8'));
      if (typeof json === 'object' && json !== null && 'version' in json)
        return String(json.version);
    } catch {
      // The other place has it.
    }
  }
  return 'unknown';
}
