/** Plans kept between processes: by all that they depend on, whole or not at all, and not without bound. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { planCache } from '../../host/node.ts';
import { smallPlan } from '../fixtures/small-plan.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'nnc-plans-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const source = { texts: { 'a.nn': 'nn 0.1' }, dims: { batch: 2 } };

test('what was kept is found again, also by another cache of the same folder', () => {
  const plan = smallPlan;
  planCache(folder).keep(source, plan);
  expect(planCache(folder).find(source)).toEqual(plan);
  expect(planCache(folder).find({ dims: source.dims, texts: source.texts })).toEqual(plan);
});

test('a source that differs anywhere is another one', () => {
  const cache = planCache(folder);
  cache.keep(source, smallPlan);
  expect(cache.find({ ...source, dims: { batch: 3 } })).toBeUndefined();
  expect(cache.find({ ...source, texts: { 'a.nn': 'nn 0.1 ' } })).toBeUndefined();
  expect(cache.find({ ...source, options: { seed: 1 } })).toBeUndefined();
});

test('a damaged file counts as missing', () => {
  const cache = planCache(folder);
  cache.keep(source, smallPlan);
  const [name = ''] = readdirSync(folder);
  const file = path.join(folder, name);
  const whole = readFileSync(file, 'utf8');
  for (const damaged of ['', whole.slice(0, -1), whole.replace('"version"', '"versiom"')]) {
    writeFileSync(file, damaged);
    expect(cache.find(source)).toBeUndefined();
  }
});

test('a folder that cannot be made keeps nothing and stops nobody', () => {
  const file = path.join(folder, 'file');
  writeFileSync(file, '');
  const cache = planCache(path.join(file, 'plans'));
  cache.keep(source, smallPlan);
  expect(cache.find(source)).toBeUndefined();
});

test('of many plans the last hundred used are kept', () => {
  const cache = planCache(folder);
  for (let seed = 0; seed < 103; seed++) cache.keep({ ...source, seed }, smallPlan);
  expect(readdirSync(folder)).toHaveLength(100);
  expect(cache.find({ ...source, seed: 102 })).toBeDefined();
});
