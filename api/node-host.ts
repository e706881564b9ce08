/** The host of Node: the adapter that the search finds, throttled waiting, and the file system. */
import { readFileSync } from 'node:fs';
import { access, appendFile } from 'node:fs/promises';
import {
  codeOf,
  createWait,
  destroyAtExit,
  deviceText,
  openDevice,
  replaceFile,
} from '../host/node.ts';
import { adapterClass } from '../runtime/index.ts';
import type { ApiFiles, ApiHost } from './host.ts';
import { UsageError } from './usage-error.ts';

/** What has happened to a file, as a message. */
function fileError(path: string, action: string, error: unknown): UsageError {
  const reason = error instanceof Error ? error.message : String(error);
  switch (codeOf(error)) {
    case 'ENOENT':
      return new UsageError(
        `${path} cannot be ${action}: there is no such file or folder`,
        `a path counts from ${process.cwd()}`,
      );
    case 'EISDIR':
      return new UsageError(`${path} cannot be ${action}: it is a folder`, 'give a file in it');
    default:
      return new UsageError(`${path} cannot be ${action}: ${reason}`, 'give another path');
  }
}

const files: ApiFiles = {
  exists: (path) =>
    access(path).then(
      () => true,
      () => false,
    ),
  async read(path) {
    try {
      return new Uint8Array(readFileSync(path));
    } catch (error) {
      throw fileError(path, 'read', error);
    }
  },
  async replace(path, content) {
    try {
      replaceFile(path, content);
    } catch (error) {
      throw fileError(path, 'written', error);
    }
  },
  async append(path, text) {
    try {
      await appendFile(path, text);
    } catch (error) {
      throw fileError(path, 'written', error);
    }
  },
};

export const nodeHost: ApiHost = {
  async openDevice(portable) {
    const opened = await openDevice({ portable });
    return { device: opened.device, name: deviceText(opened), close: opened.close };
  },
  runtimeFor: ({ adapterInfo }) => ({
    now: () => performance.now(),
    wait: createWait(adapterClass(adapterInfo) === 'cpu'),
  }),
  keep: destroyAtExit,
  files,
};
