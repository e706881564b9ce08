/** The package in the hands of somebody else: what is in it, its command, its imports, its types and its bundles. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import buildConfig from '../../tsconfig.build.json' with { type: 'json' };
import { type Bundle, bundle } from './bundle.ts';
import type { Used } from './consumer/used.ts';
import { type Packed, pack, run, tsc } from './packed.ts';
import { runInPage } from './page.ts';

let packed: Packed;

beforeAll(async () => {
  packed = await pack();
});

afterAll(() => packed?.remove());

function checkUsed(used: Used): void {
  expect(used).toMatchObject({ printed: '[1. 2. 3.]', outcome: 'complete', accuracy: 1 });
  expect(used.squares).toEqual([1, 4, 9, 0.25]);
  expect(used.losses).toHaveLength(12);
  expect(used.losses.at(-1)).toBeLessThan(0.2 * (used.losses[0] ?? 0));
  expect(used.sums).toHaveLength(96);
  for (const sum of used.sums) expect(sum).toBeCloseTo(1, 6);
}

describe('what is in it', () => {
  test('what runs, its types, the models and what is to be read; nothing else', () => {
    const kinds =
      /^(LICENSE|README\.md|package\.json|bin\/nnc\.js|docs\/[\w-]+\.md|models\/\w+\.nn|dist\/[\w/-]+(\.js|\.d\.ts))$/;
    expect(packed.files.filter((file) => !kinds.test(file))).toEqual([]);
    const folders = new Set(packed.files.map((file) => file.split('/').slice(0, -1)[1]));
    expect([...folders].filter((name) => name !== undefined).sort()).toEqual(
      buildConfig.include.toSorted(),
    );
    for (const file of ['LICENSE', 'README.md', 'docs/language.md', 'models/glyphs.nn'])
      expect(packed.files).toContain(file);
  });

  test('every entry of package.json', () => {
    const targets = (entry: unknown): string[] =>
      typeof entry === 'string' ? [entry] : Object.values(entry ?? {}).flatMap(targets);
    const named = [...targets(packageJson.exports), ...targets(packageJson.bin)];
    expect(named.length).toBeGreaterThan(8);
    for (const target of [...named, ...packageJson.sideEffects])
      expect(packed.files).toContain(target.replace('./', ''));
  });

  test('no file points to a source that is not there', () => {
    const mapped = packed.files.filter((file) =>
      /^\/\/# sourceMappingURL/m.test(
        readFileSync(path.join(packed.folder, 'node_modules/nnc', file), 'utf8'),
      ),
    );
    expect(mapped).toEqual([]);
  });

  test('it is small', () => {
    console.log(`tarball: ${packed.tarballBytes} bytes, ${packed.files.length} files`);
    expect(packed.tarballBytes).toBeLessThan(1_250_000);
  });
});

describe('in Node', () => {
  const node = (...args: readonly string[]) =>
    run(process.execPath, [...args], { cwd: packed.folder });
  const command = 'node_modules/nnc/bin/nnc.js';
  const glyphs = 'node_modules/nnc/models/glyphs.nn';

  test('the command checks and trains', async () => {
    expect((await node(command, '--version')).stdout.trim()).toBe(packageJson.version);
    expect((await node(command, 'check', glyphs)).stdout).toContain('ok');
    const { stdout } = await node(command, 'train', glyphs, '--steps', '60');
    const accuracy = /^test .*accuracy\s+(0\.\d+)/m.exec(stdout)?.[1];
    expect(Number(accuracy), stdout).toBeGreaterThan(0.7);
  });

  test('a program builds, trains and asks a model, and runs a plan', async () => {
    const { stdout } = await node('node.ts');
    const { version, required, loadData, ...used } = JSON.parse(stdout);
    expect({ version, required, loadData }).toEqual({
      version: packageJson.version,
      required: 'function',
      loadData: 'function',
    });
    checkUsed(used);
  });
});

describe('its types', () => {
  const strict = ['--noEmit', '--strict', '--exactOptionalPropertyTypes'];
  const check = async (...options: readonly string[]) => {
    const args = [tsc, ...strict, '--target', 'es2024', '--lib', 'es2024,dom,dom.iterable'];
    const shared = ['--skipLibCheck', 'false', '--allowImportingTsExtensions', ...options];
    return await run(process.execPath, [...args, ...shared], { cwd: packed.folder }).then(
      () => '',
      (error: { readonly stdout: string }) => error.stdout,
    );
  };
  const bundler = ['--module', 'esnext', '--moduleResolution', 'bundler'];

  test.each([
    ['Node', ['--module', 'nodenext', '--types', 'node', 'node.ts']],
    ['a bundler', [...bundler, '--types', '', 'page.ts']],
    [
      'a bundler for pages',
      [...bundler, '--types', '', '--customConditions', 'browser', 'page.ts'],
    ],
  ])('are right for %s', async (_, options) => {
    expect(await check(...options)).toBe('');
  });

  test('say what is wrong', async () => {
    writeFileSync(
      path.join(packed.folder, 'wrong.ts'),
      "import { loadData } from 'nnc';\nimport { readPlan } from 'nnc/runtime';\nexport const n: number = readPlan('');\nexport { loadData };\n",
    );
    const said = await check(
      ...[...bundler, '--types', '', '--customConditions', 'browser', 'wrong.ts'],
    );
    // A page has no files; a plan is no number.
    expect(said.match(/error TS\d+/g)).toEqual(['error TS2305', 'error TS2322']);
  });
});

describe('in a bundle', () => {
  /** What a page must not load: Node, the driver, the command, and what writes modules. */
  const foreign =
    /^node:|browser-external|\/(webgpu|ts-morph|@ts-morph|commander|typescript)\/|\/nnc\/dist\/(host|cli)\/|node-files|\/api\/node/;
  const bundleOf = async (name: string, text: string): Promise<Bundle> => {
    writeFileSync(path.join(packed.folder, `${name}.ts`), text);
    const made = await bundle(packed.folder, `${name}.ts`);
    console.log(`${name}: ${made.firstBytes} bytes at once, ${made.bytes} in all, compressed`);
    expect(made.modules.filter((id) => foreign.test(id))).toEqual([]);
    expect(made.modules.length).toBeGreaterThan(10);
    return made;
  };

  test('the runtime takes less than 20 kB and has nothing of the compiler', async () => {
    const made = await bundleOf('runtime', "export * from 'nnc/runtime';\n");
    expect(made.chunks.size).toBe(1);
    expect([...made.chunks.values()].join()).toContain('createComputePipelineAsync');
    expect(made.modules.filter((id) => !id.includes('/nnc/dist/runtime/'))).toEqual([
      expect.stringMatching(/runtime\.ts$/),
    ]);
    expect(made.bytes).toBeLessThan(20_000);
  });

  test('with the compiler it takes less than 200 kB', async () => {
    const text = "export * from 'nnc/compiler';\nexport * as runtime from 'nnc/runtime';\n";
    const made = await bundleOf('compiler-and-runtime', text);
    expect(made.modules.some((id) => id.includes('/dist/compiler/wgsl/'))).toBe(true);
    expect(made.bytes).toBeLessThan(200_000);
  });

  test('a program with models loads less than 200 kB to begin with, and the rest when one is opened', async () => {
    const text = "export { compile, dataset, layer, model, nn, ops, tensor } from 'nnc';\n";
    const made = await bundleOf('models', text);
    const first = [...made.chunks.values()][0] ?? '';
    expect([...made.chunks.values()].join()).toContain('createComputePipelineAsync');
    expect(first).not.toContain('createComputePipelineAsync');
    expect(made.firstBytes).toBeLessThan(200_000);
    expect(made.bytes).toBeLessThan(260_000);
  });

  test('a page builds, trains and asks a model, and runs a plan', async () => {
    checkUsed(await runInPage(await bundle(packed.folder, 'page.ts')));
  });
});
