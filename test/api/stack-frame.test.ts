/** Where a line of a stack points: a wrong answer would make two layers one. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { frameOf } from '../../api/stack-frame.ts';

const root = path.resolve(import.meta.dirname, '../..');

const lines: readonly (readonly [string, string])[] = [
  // V8
  ['    at f (file:///home/me/net.ts:1:2)', 'file:///home/me/net.ts'],
  ['    at file:///home/me/net.ts:1:2', 'file:///home/me/net.ts'],
  ['    at async file:///home/me/net.ts:1:2', 'file:///home/me/net.ts'],
  ['    at async Promise.all (file:///home/me/net.ts:1:2)', 'file:///home/me/net.ts'],
  ['    at new Net (C:\\me\\net.ts:1:2)', 'C:\\me\\net.ts'],
  ['    at Object.<anonymous> (/my nets (old)/net.cjs:1:2)', '/my nets (old)/net.cjs'],
  ['    at /my nets/net.cjs:1:2', '/my nets/net.cjs'],
  ['    at Block.build [as call] (/a/net.ts:1:2)', '/a/net.ts'],
  [
    '    at f (file:///a/.pnpm/nnc@0.1.0/nnc/api/a.js:1:2)',
    'file:///a/.pnpm/nnc@0.1.0/nnc/api/a.js',
  ],
  ['    at http://localhost:5173/@fs/a/net.ts?t=1:1:2', 'http://localhost:5173/@fs/a/net.ts?t=1'],
  // SpiderMonkey and JavaScriptCore
  ['f@https://host/a.js:1:2', 'https://host/a.js'],
  ['@https://host/a.js:1:2', 'https://host/a.js'],
  ['build/</f@http://localhost:5173/@fs/a/net.ts:1:2', 'http://localhost:5173/@fs/a/net.ts'],
  ['http://localhost:5173/@fs/a/net.ts:1:2', 'http://localhost:5173/@fs/a/net.ts'],
];

test.each(lines)('%s', (line, url) => {
  expect(frameOf(line)).toEqual({ url, line: 1, column: 2 });
});

test.each([
  'Error',
  'Error: 1:2 is no place',
  '    at <anonymous>',
  '    at Array.map (<anonymous>)',
  'forEach@[native code]',
  '',
])('%j tells none', (line) => {
  expect(frameOf(line)).toBeUndefined();
});

test('in a folder with spaces, parentheses and an @, layers stay apart and messages point at the program', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'nnc@1.0 (my nets) '));
  for (const part of ['api', 'compiler', 'data', 'grammar', 'host', 'runtime', 'train'])
    cpSync(path.join(root, part), path.join(folder, part), { recursive: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  copyFileSync(path.join(root, 'package.json'), path.join(folder, 'package.json'));
  const net = path.join(folder, 'net.ts');
  writeFileSync(
    net,
    `import { model, nn } from './api/node.ts';
const { dense, relu } = nn;
const net = (inputs: number) => model('net', (m) => {
  const hidden = m.input('x', 'f32[n, 8]').pipe(dense(8), relu);
  m.output('y', hidden.pipe(dense(inputs, 8)));
});
console.log(net(8).definition.params.map((one) => one.path).join(' '));
try { net(4); } catch (error) { console.log(error.message); }
`,
  );
  const printed = execFileSync(process.execPath, ['--no-warnings', net], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  expect(printed).toMatch(/^dense\.W dense\.b dense_1\.W dense_1\.b\n/);
  expect(printed).toContain('net.ts:5:29');
});
