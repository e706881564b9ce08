/** Node only: the file access that `resolveDataset` asks for, from the real file system. */
import { access, readdir, readFile } from 'node:fs/promises';
import type { Files } from './files.ts';

/** Files of the machine at hand. */
export const nodeFiles: Files = {
  exists: (path) =>
    access(path).then(
      () => true,
      () => false,
    ),
  read: async (path) => new Uint8Array(await readFile(path)),
  list: (path) => readdir(path).catch(() => undefined),
};
