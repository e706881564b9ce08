/**
 * The small part of tar that the archives of @sparticuz/chromium need: regular files with short
 * names (ustar). Used once, when drivers or a browser are unpacked into the cache folder.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const BLOCK = 512;

/** Writes the regular files of a ustar archive into `folder`, below the paths that they have in it. */
export function untar(archive: Buffer, folder: string): void {
  for (let at = 0; at + BLOCK <= archive.length; ) {
    const field = (from: number, length: number): string =>
      archive.toString('latin1', at + from, at + from + length).replace(/\0.*$/s, '');
    const name = field(0, 100);
    if (name === '') return;
    const bytes = Number.parseInt(field(124, 12).trim(), 8);
    if (!Number.isSafeInteger(bytes)) throw new Error(`tar: \`${name}\` has no readable size`);
    const kind = field(156, 1);
    if (kind === '0' || kind === '') {
      const file = path.join(folder, name);
      if (path.relative(folder, file).startsWith('..')) {
        throw new Error(`tar: \`${name}\` lies outside the folder it is unpacked into`);
      }
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, archive.subarray(at + BLOCK, at + BLOCK + bytes), { mode: 0o755 });
    }
    at += BLOCK + Math.ceil(bytes / BLOCK) * BLOCK;
  }
}
