/** A bundle for pages, as whoever uses the package would make it with vite. */
import path from 'node:path';
import { gzipSync } from 'node:zlib';
// Vitest brings it.
import { build } from 'vite';

export interface Bundle {
  /** By file name; the entry is the first. */
  readonly chunks: ReadonlyMap<string, string>;
  /** Paths of all modules in it. */
  readonly modules: readonly string[];
  /** Compressed, of what is loaded at once, and of all. */
  readonly firstBytes: number;
  readonly bytes: number;
}

/** The bundle of a program in `folder`: minified, `node_modules` and all, under the conditions of a browser. */
export async function bundle(folder: string, entry: string): Promise<Bundle> {
  const made = await build({
    configFile: false,
    logLevel: 'error',
    root: folder,
    build: {
      write: false,
      minify: true,
      modulePreload: false,
      rolldownOptions: { input: path.join(folder, entry), preserveEntrySignatures: 'strict' },
    },
  });
  const chunks = [made]
    .flat()
    .flatMap((one) => ('output' in one ? one.output : []))
    .flatMap((one) => (one.type === 'chunk' ? [one] : []))
    .toSorted((a, b) => Number(b.isEntry) - Number(a.isEntry));
  const [first] = chunks;
  const atOnce = new Set([first?.fileName, ...(first?.imports ?? [])]);
  const sizes = chunks.map(({ fileName, code }) => ({
    atOnce: atOnce.has(fileName),
    bytes: gzipSync(code, { level: 9 }).byteLength,
  }));
  const sum = (all: typeof sizes) => all.reduce((total, one) => total + one.bytes, 0);
  return {
    chunks: new Map(chunks.map(({ fileName, code }) => [fileName, code])),
    modules: chunks.flatMap((chunk) => chunk.moduleIds),
    firstBytes: sum(sizes.filter((one) => one.atOnce)),
    bytes: sum(sizes),
  };
}
