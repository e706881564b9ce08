/** Folders to try pages in: each has the examples, and the package is installed as npm would, but from the sources. */
import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { projectFolder } from '../cli/run-nnc.ts';
import { plainCommands, runHere } from './plain-commands.ts';

export interface Printed {
  readonly code: number | null;
  /** Standard output and standard error, as they came. */
  readonly text: string;
}

export interface Workplace {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** A folder for one page. */
  folderFor(page: string): string;
  /** Lines of a shell, up to the first that fails. */
  shell(commands: string, folder: string): Promise<Printed>;
  remove(): void;
}

export function createWorkplace(): Workplace {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'nnc-docs-'));
  install(folder);
  const {
    NO_COLOR: _,
    FORCE_COLOR: __,
    NNC_DATA: ___,
    NNC_DEBUG: ____,
    ...inherited
  } = process.env;
  const env: NodeJS.ProcessEnv = {
    ...inherited,
    PATH: [
      path.join(folder, 'node_modules/.bin'),
      path.dirname(process.execPath),
      inherited['PATH'],
    ].join(path.delimiter),
    XDG_CACHE_HOME: path.join(folder, 'cache'),
    NODE_COMPILE_CACHE: path.join(os.tmpdir(), 'node-compile-cache'),
    NODE_NO_WARNINGS: '1',
  };
  return {
    folder,
    env,
    folderFor(page) {
      const made = path.join(folder, page.replaceAll(/\W+/g, '-'));
      mkdirSync(made);
      cpSync(path.join(projectFolder, 'models'), path.join(made, 'models'), {
        recursive: true,
        filter: (name) => !name.endsWith('.ts'),
      });
      return made;
    },
    shell: async (commands, cwd) => {
      const lines = plainCommands(commands);
      if (lines !== undefined) return await runHere(lines, cwd, env);
      return await new Promise((resolve) => {
        const child = execFile(
          'sh',
          ['-ec', `exec 2>&1\n${commands}`],
          { cwd, env, timeout: 55_000 },
          (_, text) => resolve({ code: child.exitCode, text }),
        );
      });
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** `node_modules/nnc` with the entries of the package, each as the source that it is built of. */
function install(folder: string): void {
  const modules = path.join(folder, 'node_modules');
  const installed = path.join(modules, 'nnc');
  mkdirSync(path.join(modules, '.bin'), { recursive: true });
  mkdirSync(installed);
  writeFileSync(path.join(folder, 'package.json'), '{"type": "module"}');
  const { exports, type } = JSON.parse(
    readFileSync(path.join(projectFolder, 'package.json'), 'utf8'),
  );
  const entries = Object.entries(exports).flatMap(([key, entry]) => {
    const source = sourceOf(entry);
    return source === undefined ? [] : [[key, source] as const];
  });
  for (const top of new Set(entries.map(([, source]) => source.split('/')[1] ?? '')))
    symlinkSync(path.join(projectFolder, top), path.join(installed, top));
  writeFileSync(
    path.join(installed, 'package.json'),
    JSON.stringify({ name: 'nnc', type, exports: Object.fromEntries(entries) }),
  );
  const command = path.join(projectFolder, 'bin/nnc.js');
  writeFileSync(
    path.join(modules, '.bin/nnc'),
    `#!/bin/sh\nexec "${process.execPath}" "${command}" "$@"\n`,
    { mode: 0o755 },
  );
}

function sourceOf(entry: unknown): string | undefined {
  if (typeof entry === 'string')
    return entry.startsWith('./dist/')
      ? entry.replace('./dist/', './').replace(/\.js$/, '.ts')
      : undefined;
  return sourceOf((entry as { readonly default?: unknown } | undefined)?.default ?? '');
}
