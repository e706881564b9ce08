/** How the files of two folders differ, as `git diff` shows it, whether or not they are in a repository. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const MEMORY = 1024 ** 3;

/** Empty where they are equal. `stat`: only which files, and by how many lines. */
export function folderDiff(
  before: string,
  after: string,
  { color, stat }: { readonly color: boolean; readonly stat: boolean },
): string {
  const base = path.dirname(before);
  // Kernels are numbered: one more shifts the names of the others, which is no change.
  const words = ['diff', '--no-index', '--find-renames', '--stat', ...(stat ? [] : ['--patch'])];
  const names = [before, after].map((folder) => path.relative(base, folder));
  const { status, stdout, stderr } = spawnSync(
    'git',
    [...words, `--color=${color ? 'always' : 'never'}`, ...names],
    { cwd: base, encoding: 'utf8', maxBuffer: MEMORY },
  );
  if (status !== 0 && status !== 1) throw new Error(stderr);
  return stdout.trimEnd();
}
