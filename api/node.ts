/** The API in Node: the same, with files. Messages show the lines of the program that they are about. */
import { readModulesWith } from './call-site.ts';
import { useHost } from './host.ts';
import { nodeHost } from './node-host.ts';
import { readModuleFile } from './read-module-file.ts';

export * from './index.ts';
export { type LoadOptions, loadData } from './load-data.ts';

useHost(nodeHost);

readModulesWith(readModuleFile);
