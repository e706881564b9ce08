/** `npm run kernel-diff`: a commit beside itself has no differences, and other schedules show. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { folderDiff } from '../../scripts/folder-diff.ts';

const project = path.resolve(import.meta.dirname, '../..');
const git = existsSync(path.join(project, '.git'));

const kernelDiff = (...words: readonly string[]): string =>
  execFileSync(process.execPath, ['scripts/kernel-diff.ts', ...words], {
    cwd: project,
    encoding: 'utf8',
  });

test.skipIf(!git)('a commit beside itself', () => {
  expect(kernelDiff('HEAD', 'HEAD', '--model', 'mlp')).toBe('no kernel changes\n');
});

test.skipIf(!git)('one size of the workgroups more', () => {
  const before = mkdtempSync(path.join(tmpdir(), 'nnc-kernels-'));
  const after = mkdtempSync(path.join(tmpdir(), 'nnc-kernels-'));
  try {
    const words = ['bin/nnc.js', 'compile', 'models/mlp.nn', '--portable', '-o'];
    execFileSync(process.execPath, [...words, before], { cwd: project });
    execFileSync(process.execPath, [...words, after, '--schedule', 'k00=workgroup=1'], {
      cwd: project,
    });
    const text = folderDiff(before, after, { color: false, stat: false });
    expect(text).toMatch(/^-@compute @workgroup_size\(\d+\)\n\+@compute @workgroup_size\(1\)$/m);
    expect(text).toMatch(/^\+\/\/ schedule: .* workgroup=1 /m);
  } finally {
    for (const folder of [before, after]) rmSync(folder, { recursive: true });
  }
});
