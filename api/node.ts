/** The API in Node: the same, with files. Messages show the lines of the program that they are about. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readModulesWith } from './call-site.ts';
import { useHost } from './host.ts';
import { nodeHost } from './node-host.ts';

export * from './index.ts';
export { type LoadOptions, loadData } from './load-data.ts';

useHost(nodeHost);

readModulesWith((url) => {
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
});
