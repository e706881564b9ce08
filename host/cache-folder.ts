/** The user's cache folder, and how something is unpacked into it once, whole or not at all. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** `$XDG_CACHE_HOME/nnc`, else `~/.cache/nnc`. It may not exist yet. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const base = env['XDG_CACHE_HOME'];
  // The XDG specification says that a relative path is to be ignored.
  if (base !== undefined && path.isAbsolute(base)) return path.join(base, 'nnc');
  return path.join(os.homedir(), '.cache', 'nnc');
}

/**
 * The folder `name` of the cache, filled by `fill` if it is not there. `fill` works in a folder of
 * its own that gets its name when it is complete, so a crash or a second process does no harm.
 */
export async function cached(
  name: string,
  fill: (folder: string) => void | Promise<void>,
): Promise<string> {
  const folder = path.join(cacheFolder(), name);
  if (existsSync(folder)) return folder;
  const fresh = `${folder}.${process.pid}.${Date.now().toString(36)}`;
  mkdirSync(fresh, { recursive: true });
  try {
    await fill(fresh);
    renameSync(fresh, folder);
  } catch (cause) {
    rmSync(fresh, { recursive: true, force: true });
    // Another process was first: its folder is as good as ours.
    if (existsSync(folder)) return folder;
    throw cause;
  }
  return folder;
}
