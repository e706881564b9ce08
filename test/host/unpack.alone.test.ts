/** Archives are unpacked into the cache folder, once, and never outside of it. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { cached, cacheFolder } from '../../host/cache-folder.ts';
import { untar } from '../../host/untar.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'nnc-test-'));
  vi.stubEnv('XDG_CACHE_HOME', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** One file of a ustar archive: header block, content, padding. */
function entry(name: string, content: string, kind = '0', size = content.length): Buffer {
  const block = Buffer.alloc(512 + Math.ceil(content.length / 512) * 512);
  block.write(name, 0);
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  block.write(kind, 156);
  block.write(content, 512);
  return block;
}

test('untar writes regular files, in folders, and stops at the end mark', () => {
  const long = 'x'.repeat(700);
  const archive = Buffer.concat([
    entry('lib/', '', '5'),
    entry('lib/a.so', long),
    entry('b.json', '{}'),
    Buffer.alloc(1024),
    entry('after.txt', 'no'),
  ]);
  untar(archive, folder);
  expect(readFileSync(path.join(folder, 'lib/a.so'), 'utf8')).toBe(long);
  expect(readFileSync(path.join(folder, 'b.json'), 'utf8')).toBe('{}');
  expect(existsSync(path.join(folder, 'after.txt'))).toBe(false);
});

test('untar refuses to leave the folder, and a header without a size', () => {
  const inner = path.join(folder, 'inner');
  expect(() => untar(entry('../evil', 'x'), inner)).toThrow('lies outside');
  expect(existsSync(path.join(folder, 'evil'))).toBe(false);
  expect(() => untar(entry('a', 'x', '0', Number.NaN), inner)).toThrow('no readable size');
});

test('the cache folder follows XDG_CACHE_HOME when it is absolute', () => {
  expect(cacheFolder({ XDG_CACHE_HOME: '/somewhere' })).toBe(path.join('/somewhere', 'nnc'));
  const home = path.join(os.homedir(), '.cache', 'nnc');
  expect(cacheFolder({ XDG_CACHE_HOME: 'relative' })).toBe(home);
  expect(cacheFolder({})).toBe(home);
});

test('a cached folder is filled once, and not at all when filling fails', async () => {
  const fill = vi.fn((into: string) => writeFileSync(path.join(into, 'file'), 'content'));
  const failing = cached('thing-1', () => {
    throw new Error('disk full');
  });
  await expect(failing).rejects.toThrow('disk full');
  expect(readdirSync(path.join(folder, 'nnc'))).toEqual([]);
  const both = await Promise.all([cached('thing-1', fill), cached('thing-1', fill)]);
  expect(both[0]).toBe(both[1]);
  await cached('thing-1', fill);
  expect(fill.mock.calls.length).toBeLessThanOrEqual(2);
  expect(readFileSync(path.join(both[0], 'file'), 'utf8')).toBe('content');
  expect(readdirSync(path.join(folder, 'nnc'))).toEqual(['thing-1']);
});
