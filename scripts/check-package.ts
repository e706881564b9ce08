/**
 * The package as npm installs it: packed, looked over by publint and arethetypeswrong, installed in an empty project, and
 * used there on every Node that it is for, its types by the versions of TypeScript that people have. `npm run test:package`;
 * it needs the registry, where `test/package` does not. A version that the registry does not have is left out and named.
 */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import packageJson from '../package.json' with { type: 'json' };

const nodes = ['22', '24', '26'];
/** The oldest with types that are the same for pages and Node, and the last before that in use; the newest is the project's own. */
const typescripts = ['6', '5.9'];
const publint = 'publint@0.3.25';
const attw = '@arethetypeswrong/cli@0.18.5';

const execute = promisify(execFile);
const checkout = fileURLToPath(new URL('../', import.meta.url));
const folder = mkdtempSync(path.join(os.tmpdir(), 'nnc-installed-'));
const app = path.join(folder, 'app');
let failures = 0;

/** Standard output; rejects with all that was said. */
async function run(
  cwd: string,
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<string> {
  try {
    const options = { cwd, env: { ...process.env, ...env }, maxBuffer: 1 << 26 };
    return (await execute(file, [...args], options)).stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${file} ${args.join(' ')}\n${stdout}${stderr}`, { cause: error });
  }
}

async function check(what: string, body: () => Promise<string>): Promise<void> {
  const began = performance.now();
  const seconds = (): string => `${((performance.now() - began) / 1000).toFixed(1)} s`;
  try {
    const found = await body();
    console.log(`ok    ${what}${found === '' ? '' : `: ${found}`} (${seconds()})`);
  } catch (error) {
    failures += 1;
    console.log(`FAIL  ${what}\n${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What a package of npm offers to run, fetched where it must be; undefined, and said why, if it cannot be had. */
async function fetched(wanted: string, args: readonly string[]): Promise<string | undefined> {
  try {
    return await run(folder, 'npx', ['-y', '--prefer-offline', '-p', wanted, ...args]);
  } catch (error) {
    console.log(
      `skip  ${wanted} cannot be had: ${error instanceof Error ? error.message : String(error)}`,
    );
    return undefined;
  }
}

async function pack(): Promise<string> {
  const args = ['pack', '--json', '--loglevel=error', '--pack-destination', folder];
  const stdout = await run(checkout, 'npm', args);
  // What `prepack` prints comes first.
  const report = JSON.parse(stdout.slice(stdout.search(/^[[{]\s*$/m))) as Readonly<
    Record<string, { readonly filename: string }>
  >;
  const [packed] = Object.values(report);
  if (packed === undefined) throw new Error(`npm pack said ${stdout}`);
  return path.join(folder, packed.filename);
}

/** The versions that the checkout has, which `npm ci` has fetched. */
const beside = ['@sparticuz/chromium', '@types/node'].map((name) => {
  const file = path.join(checkout, 'node_modules', name, 'package.json');
  return `${name}@${(JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version}`;
});

async function install(tarball: string): Promise<string> {
  mkdirSync(app);
  cpSync(path.join(checkout, 'test/package/consumer'), app, { recursive: true });
  writeFileSync(path.join(app, 'package.json'), JSON.stringify({ type: 'module' }));
  await run(app, 'npm', [
    'install',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    tarball,
    ...beside,
  ]);
  return `with ${beside.join(' and ')}`;
}

async function checkNode(version: string): Promise<void> {
  const place = await fetched(`node@${version}`, ['node', '-p', 'process.execPath']);
  if (place === undefined) return;
  const node = place.trim();
  const env = {
    PATH: `${path.dirname(node)}${path.delimiter}${process.env['PATH']}`,
    NNC_GPU: process.platform === 'linux' ? 'swiftshader' : undefined,
  };
  const glyphs = 'node_modules/nnc/models/glyphs.nn';
  await check(`Node ${(await run(app, node, ['--version'])).trim()}: imports`, async () => {
    const used = JSON.parse(await run(app, node, ['node.ts'], env)) as {
      readonly accuracy: number;
      readonly squares: readonly number[];
    };
    if (used.accuracy !== 1 || String(used.squares) !== '1,4,9,0.25')
      throw new Error(`the program found ${JSON.stringify(used)}`);
    return '';
  });
  await check(`Node ${version}: npx nnc check, train`, async () => {
    const npx = (...args: readonly string[]): Promise<string> =>
      run(app, 'npx', ['--no-install', 'nnc', ...args], env);
    await npx('check', glyphs);
    const said = await npx('train', glyphs, '--epochs', '1', '--limit', '2000');
    const accuracy = /^test .*accuracy\s+(0\.\d+)/m.exec(said)?.[1] ?? '';
    if (!(Number(accuracy) > 0.6)) throw new Error(said);
    return `accuracy ${accuracy} after an epoch`;
  });
}

async function checkTypes(version: string): Promise<void> {
  const wanted = `typescript@${version}`;
  if ((await fetched(wanted, ['tsc', '--version'])) === undefined) return;
  // WebGPU is among the types of pages since TypeScript 6.
  const types = Number.parseFloat(version) < 6 ? 'node,@webgpu/types' : 'node';
  await check(`TypeScript ${version}`, async () => {
    const strict = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--types', types];
    const target = ['--module', 'nodenext', '--target', 'es2024', '--lib', 'es2024,dom'];
    const all = [...strict, ...target, '--allowImportingTsExtensions', 'node.ts', 'page.ts'];
    return await run(app, 'npx', ['-y', '--prefer-offline', '-p', wanted, 'tsc', ...all]);
  });
}

try {
  const tarball = await pack();
  const profile = ['--profile', 'esm-only', '--no-emoji', '--no-color'];
  await check('publint', () =>
    run(folder, 'npx', ['-y', publint, '--strict', tarball]).then(() => ''),
  );
  await check('arethetypeswrong', () =>
    run(folder, 'npx', ['-y', attw, tarball, ...profile]).then(() => ''),
  );
  await check(`${packageJson.name} ${packageJson.version} installs`, () => install(tarball));
  await check('the reference of the API: nothing is without documentation', async () => {
    const all = ['run', '-s', 'docs', '--', '--emit', 'none', '--treatWarningsAsErrors'];
    await run(checkout, 'npm', all);
    return '';
  });
  for (const version of nodes) await checkNode(version);
  for (const version of typescripts) await checkTypes(version);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (failures > 0) {
  console.log(`${failures} of the package's checks failed`);
  process.exitCode = 1;
}
