/**
 * SwiftShader, a Vulkan driver that computes on the CPU: unpacked out of npm into the cache folder,
 * or the one that Debian's chromium brings. Loaded into this process, so that Dawn finds it on a
 * machine with no Vulkan of its own.
 */
import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { cached } from './cache-folder.ts';
import { findChromiumPackage } from './chromium-package.ts';
import { untar } from './untar.ts';

/** A folder with `libvulkan.so.1` and `vk_swiftshader_icd.json`, unpacked out of npm on first use. */
export async function npmSwiftshader(): Promise<string | undefined> {
  const found = findChromiumPackage();
  if (found === undefined) return undefined;
  return await cached(`swiftshader-${found.version}`, (folder) => {
    untar(brotliDecompressSync(readFileSync(found.file('swiftshader.tar.br'))), folder);
  });
}

/** The same two files as Debian's package `chromium-common` installs them. */
export function debianSwiftshader(): string | undefined {
  const folder = '/usr/lib/chromium';
  const complete =
    existsSync(path.join(folder, 'libvulkan.so.1')) &&
    existsSync(path.join(folder, 'vk_swiftshader_icd.json'));
  return complete ? folder : undefined;
}

/** Makes SwiftShader in `folder` the driver that the next Dawn instance of this process finds. */
export function useSwiftshader(folder: string): void {
  const icd = path.join(folder, 'vk_swiftshader_icd.json');
  // Newer loaders read the first name and prefer it; older ones know only the second.
  process.env['VK_DRIVER_FILES'] = icd;
  process.env['VK_ICD_FILENAMES'] = icd;
  loadLibrary(path.join(folder, 'libvulkan.so.1'));
}

/**
 * Loads a shared library for good, so that a later `dlopen` of its soname finds it. Returns
 * whether the system's loader could find and load it.
 */
export function loadLibrary(library: string): boolean {
  const RTLD_NODELETE = 0x1000;
  const { RTLD_NOW, RTLD_GLOBAL } = os.constants.dlopen;
  try {
    process.dlopen({ exports: {} }, library, RTLD_NOW | RTLD_GLOBAL | RTLD_NODELETE);
    return true;
  } catch (error) {
    // Node throws for every library that is no addon of its own. It is loaded all the same, unless
    // the dynamic linker itself failed.
    return error instanceof Error && /did not self-register/.test(error.message);
  }
}
