/** Imports flow one way and never in a circle; the pure parts touch neither Node nor a device. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const folders = [
  'grammar',
  'compiler',
  'runtime',
  'emit',
  'data',
  'train',
  'verify',
  'inspect',
  'host',
  'api',
  'cli',
] as const;
type Folder = (typeof folders)[number];

/** What each folder may import, besides itself. */
const allowed: Readonly<Record<Folder, readonly Folder[]>> = {
  grammar: [],
  runtime: [],
  data: [],
  compiler: ['grammar'],
  emit: ['grammar', 'compiler', 'runtime'],
  host: ['runtime'],
  train: ['grammar', 'compiler', 'runtime', 'data'],
  inspect: ['grammar', 'compiler', 'runtime'],
  verify: ['grammar', 'compiler', 'runtime', 'data', 'train'],
  // Only its host for Node may know ours, see below.
  api: ['grammar', 'compiler', 'runtime', 'data', 'train', 'host'],
  // Only what loads a user's program needs the API.
  cli: [
    'grammar',
    'compiler',
    'runtime',
    'emit',
    'data',
    'train',
    'verify',
    'inspect',
    'host',
    'api',
  ],
};

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

function filesIn(folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((f) => f.endsWith('.ts') && !f.endsWith('.d.ts'))
    .map((f) => path.posix.join(folder, f.replaceAll('\\', '/')));
}

const files = folders.flatMap(filesIn);

function importsOf(file: string): Import[] {
  const text = readFileSync(path.join(root, file), 'utf8');
  return [
    ...text.matchAll(
      /^\s*(?:import|export)\s+(type\s+)?[^;'"]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gm,
    ),
  ].map((m) => ({
    from: file,
    to: m[2] ?? m[3] ?? m[4] ?? '',
    typeOnly: m[1] !== undefined,
  }));
}

const imports = files.flatMap(importsOf);
const resolved = imports
  .filter((i) => i.to.startsWith('.'))
  .map((i) => ({ ...i, target: path.posix.join(path.posix.dirname(i.from), i.to) }));
const folderOf = (file: string): string => file.split('/')[0] ?? '';

test('there is something to check', () => {
  expect(files.length).toBeGreaterThan(100);
  expect(resolved.length).toBeGreaterThan(300);
});

test('imports flow one way', () => {
  const wrong = resolved.filter((i) => {
    const [from, to] = [folderOf(i.from) as Folder, folderOf(i.target) as Folder];
    if (from === to) return false;
    // The plan format is the one thing that the compiler takes from the runtime, as a type.
    if (from === 'compiler' && i.target === 'runtime/plan.ts') return !i.typeOnly;
    return !allowed[from].includes(to);
  });
  expect(wrong.map((i) => `${i.from} imports ${i.target}`)).toEqual([]);
});

test('nothing but the host, the command and the file reader of data knows Node', () => {
  const free = new Set([
    'data/node-files.ts',
    'api/node.ts',
    'api/node-host.ts',
    'api/read-module-file.ts',
  ]);
  const wrong = imports.filter(
    (i) =>
      (i.to.startsWith('node:') || i.to === 'webgpu') &&
      !['host', 'cli'].includes(folderOf(i.from)) &&
      !free.has(i.from),
  );
  expect(wrong.map((i) => `${i.from} imports ${i.to}`)).toEqual([]);
});

test('of the API, only what is for Node knows the host', () => {
  const wrong = resolved.filter(
    (i) =>
      folderOf(i.from) === 'api' &&
      folderOf(i.target) === 'host' &&
      !['api/node.ts', 'api/node-host.ts', 'api/load-data.ts'].includes(i.from),
  );
  expect(wrong.map((i) => `${i.from} imports ${i.target}`)).toEqual([]);
});

test('the compiler is a pure function: no GPU, clock, file system or environment', () => {
  const banned =
    /\b(process\.|navigator\b|performance\.|Date\.now|new Date\b|Math\.random|setTimeout|GPUDevice|globalThis)/;
  const wrong = files
    .filter((f) => ['grammar', 'compiler'].includes(folderOf(f)))
    .flatMap((f) =>
      readFileSync(path.join(root, f), 'utf8')
        .split('\n')
        .flatMap((line, i) =>
          banned.test(line.replace(/\/\/.*|^\s*\*.*/, '')) ? [`${f}:${i + 1}: ${line.trim()}`] : [],
        ),
    );
  expect(wrong).toEqual([]);
});

test('no cycles', () => {
  const graph = new Map<string, string[]>(files.map((f) => [f, []]));
  for (const i of resolved)
    if (!i.typeOnly && graph.has(i.target)) graph.get(i.from)?.push(i.target);
  const state = new Map<string, 'open' | 'done'>();
  const cycles: string[] = [];
  const visit = (file: string, trail: readonly string[]): void => {
    if (state.get(file) === 'done') return;
    if (state.get(file) === 'open') {
      cycles.push([...trail.slice(trail.indexOf(file)), file].join(' -> '));
      return;
    }
    state.set(file, 'open');
    for (const next of graph.get(file) ?? []) visit(next, [...trail, file]);
    state.set(file, 'done');
  };
  for (const f of files) visit(f, []);
  expect(cycles).toEqual([]);
});

test('every import has its extension and its file', () => {
  const known = new Set(files);
  const wrong = resolved.filter((i) => !known.has(i.target) && !i.to.endsWith('.json'));
  expect(wrong.map((i) => `${i.from} imports ${i.to}`)).toEqual([]);
});
