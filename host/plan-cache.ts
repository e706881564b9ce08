/**
 * Compiled plans kept between processes, in the user's cache folder, by the content that they were made of: the model's
 * text and sizes, the device's profile, and the compiler itself. Files are written whole or not at all; one that is
 * damaged counts as missing.
 */
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { Plan } from '../runtime/plan.ts';
import { cacheFolder } from './cache-folder.ts';
import { compilerFingerprint } from './compiler-fingerprint.ts';

/** Everything that a plan depends on, as plain data. Two that differ in any way are two plans. */
export type PlanSource = Readonly<Record<string, unknown>>;

/** Longest ago used are removed beyond these. */
const MOST_FILES = 100;
const MOST_BYTES = 50 * 2 ** 20;
const DIGITS_OF_HASH = 64;

export interface PlanCache {
  /** The plan that was made of the same; undefined where there is none, or it cannot be read. */
  find(source: PlanSource): Plan | undefined;
  /** Keeps a plan for later processes. Where the folder cannot be written, nothing is kept. */
  keep(source: PlanSource, plan: Plan): void;
}

export function planCache(folder: string = path.join(cacheFolder(), 'plans')): PlanCache {
  const fileOf = (source: PlanSource): string => {
    const key = hashOf(JSON.stringify([compilerFingerprint(), source], inOrder));
    return path.join(folder, `${key}.json`);
  };
  return {
    find(source) {
      try {
        const file = fileOf(source);
        const text = readFileSync(file, 'utf8');
        const json = text.slice(DIGITS_OF_HASH);
        if (hashOf(json) !== text.slice(0, DIGITS_OF_HASH)) return undefined;
        const now = new Date();
        utimesSync(file, now, now);
        return JSON.parse(json) as Plan;
      } catch {
        return undefined;
      }
    },
    keep(source, plan) {
      try {
        mkdirSync(folder, { recursive: true });
        const json = JSON.stringify(plan);
        const file = fileOf(source);
        const fresh = `${file}.${process.pid}.new`;
        writeFileSync(fresh, hashOf(json) + json);
        renameSync(fresh, file);
        removeOldest(folder);
      } catch {
        // A folder that cannot be written costs the next process its time, and nothing else.
      }
    },
  };
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Keys of objects in the order of the alphabet, so that equal data are equal text. */
const inOrder = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value;

function removeOldest(folder: string): void {
  const files = readdirSync(folder)
    .map((name) => path.join(folder, name))
    .map((file) => ({ file, ...sizeAndTime(file) }))
    .toSorted((a, b) => b.usedAt - a.usedAt);
  let bytes = 0;
  for (const [index, { file, size }] of files.entries()) {
    bytes += size;
    if (index >= MOST_FILES || bytes > MOST_BYTES) rmSync(file, { force: true });
  }
}

function sizeAndTime(file: string): { readonly size: number; readonly usedAt: number } {
  const found = statSync(file, { throwIfNoEntry: false });
  return { size: found?.size ?? 0, usedAt: found?.mtimeMs ?? 0 };
}
