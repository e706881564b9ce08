/**
 * Where the archives of the npm package @sparticuz/chromium lie: a Chromium, SwiftShader (a Vulkan
 * driver that computes on the CPU) and a few shared libraries, for Linux on x64. The package is
 * optional: a development dependency of ours, which a user may install beside nnc.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

export type Archive = 'chromium.br' | 'swiftshader.tar.br' | 'al2023.tar.br' | 'fonts.tar.br';

export interface ChromiumPackage {
  readonly version: string;
  /** The path of an archive. */
  file(archive: Archive): string;
}

/** The package if it is installed, beside nnc or in the folder that the command runs in. */
export function findChromiumPackage(): ChromiumPackage | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const root =
    packageRoot(import.meta.url) ?? packageRoot(path.join(process.cwd(), 'package.json'));
  if (root === undefined || !existsSync(path.join(root, 'bin/swiftshader.tar.br'))) {
    return undefined;
  }
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  return { version, file: (archive) => path.join(root, 'bin', archive) };
}

function packageRoot(from: string): string | undefined {
  try {
    const entry = createRequire(from).resolve('@sparticuz/chromium');
    const name = path.join('@sparticuz', 'chromium');
    return entry.slice(0, entry.lastIndexOf(name) + name.length);
  } catch {
    return undefined;
  }
}
