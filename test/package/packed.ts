/**
 * The package as npm packs it, unpacked in a project of somebody else's. It is built beside the checkout and its
 * dependencies are links to ours, so that nothing of the checkout changes and nothing comes from the network.
 */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import packageJson from '../../package.json' with { type: 'json' };

export const run = promisify(execFile);
const checkout = fileURLToPath(new URL('../../', import.meta.url));
export const tsc = path.join(checkout, 'node_modules/typescript/bin/tsc');

export interface Packed {
  /** The other project: programs of `consumer/`, and `node_modules` with the package and what it depends on. */
  readonly folder: string;
  /** Files of the package, sorted. */
  readonly files: readonly string[];
  readonly tarballBytes: number;
  remove(): void;
}

/** What npm says of a tarball that it made. */
interface PackReport {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

export async function pack(): Promise<Packed> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'nnc-package-'));
  const staged = path.join(folder, 'staged');
  for (const name of ['package.json', 'README.md', 'LICENSE', 'bin', 'docs', 'models'])
    cpSync(path.join(checkout, name), path.join(staged, name), { recursive: true });
  const outDir = path.join(staged, 'dist');
  await run(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', outDir], {
    cwd: checkout,
  });
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts'], { cwd: staged });
  const [report] = Object.values(JSON.parse(stdout) as Readonly<Record<string, PackReport>>);
  if (report === undefined) throw new Error(`npm pack said ${stdout}`);

  const app = path.join(folder, 'app');
  const installed = path.join(app, 'node_modules/nnc');
  mkdirSync(installed, { recursive: true });
  await run('tar', ['-xzf', report.filename, '-C', installed, '--strip-components=1'], {
    cwd: staged,
  });
  for (const name of [...Object.keys(packageJson.dependencies), '@types/node', sharedDriver])
    link(path.join('node_modules', name), app);
  cpSync(path.join(checkout, 'test/package/consumer'), app, { recursive: true });
  writeFileSync(path.join(app, 'package.json'), JSON.stringify({ type: 'module' }));
  return {
    folder: app,
    files: report.files.map((file) => file.path).sort(),
    tarballBytes: report.size,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** SwiftShader comes out of it. */
const sharedDriver = '@sparticuz/chromium';

function link(name: string, into: string): void {
  const place = path.join(into, name);
  mkdirSync(path.dirname(place), { recursive: true });
  symlinkSync(path.join(checkout, name), place, 'junction');
}
