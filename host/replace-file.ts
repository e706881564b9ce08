/** Writes a file so that it has either its old content or the new one, whenever the process or the machine stops. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { codeOf } from './system-error.ts';

/** A new name in the file's own folder, so that renaming it onto the file is one step of the file system. */
export function beside(file: string): string {
  return path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.new`);
}

/** Throws what the file system throws; then nothing has changed. */
export function replaceFile(file: string, content: string | Uint8Array): void {
  // What a symbolic link points to is replaced, not the link.
  const target = existsSync(file) ? realpathSync(file) : file;
  const fresh = beside(target);
  const mode = existsSync(target) ? { mode: statSync(target).mode } : {};
  try {
    writeFileSync(fresh, content, { flush: true, ...mode });
    renameSync(fresh, target);
    syncFolder(path.dirname(target));
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}

/** Makes the new name as durable as the content. Not every system lets a folder be opened, or has anything to do here. */
function syncFolder(folder: string): void {
  let handle: number | undefined;
  try {
    handle = openSync(folder, 'r');
    fsyncSync(handle);
  } catch (error) {
    if (!['EISDIR', 'EPERM', 'EACCES', 'EINVAL', 'ENOTSUP'].includes(codeOf(error) ?? ''))
      throw error;
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}
