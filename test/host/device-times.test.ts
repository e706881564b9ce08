/** What a device was measured to take: measured once for each adapter, and turned into the cost model's constants. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { ratesOfClass } from '../../compiler/schedule/device-rates.ts';
import { measuredRates } from '../../compiler/schedule/measured-rates.ts';
import { deviceTimes, measureDevice, type OpenedDevice } from '../../host/node.ts';
import { closeTestDevice, testDevice } from '../support/run-graph.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'nnc-devices-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
afterAll(closeTestDevice);

const times = { bandwidth: 20, launch: 12_345, narrow: 1, wide: 2, operation: 0.03, compile: 100 };
const counting = () => {
  let count = 0;
  const measure = async () => {
    count += 1;
    return times;
  };
  return { measure, count: () => count };
};

test('an adapter is measured once; its times are kept to two digits', async () => {
  const opened = await testDevice();
  const { measure, count } = counting();
  const first = await deviceTimes(opened, folder, measure);
  expect(first).toEqual({ times: { ...times, launch: 12_000 }, kept: false });
  expect(await deviceTimes(opened, folder, measure)).toEqual({ times: first.times, kept: true });
  expect(count()).toBe(1);
});

test('another adapter, another driver and a damaged file are measured anew', async () => {
  const opened = await testDevice();
  const { measure, count } = counting();
  await deviceTimes(opened, folder, measure);
  const info = { ...opened.info, description: 'a newer driver' } as GPUAdapterInfo;
  const other: OpenedDevice = { ...opened, info };
  expect((await deviceTimes(other, folder, measure)).kept).toBe(false);
  for (const name of readdirSync(folder)) writeFileSync(path.join(folder, name), '{"times": {}}');
  expect((await deviceTimes(opened, folder, measure)).kept).toBe(false);
  expect(count()).toBe(3);
});

test('the benchmark gives a time for everything', async () => {
  const measured = await measureDevice(await testDevice());
  for (const [name, value] of Object.entries(measured)) {
    expect(value, name).toBeGreaterThan(0);
    expect(Number.isFinite(value), name).toBe(true);
  }
});

test('a device like the class has the constants of the class', () => {
  const usual = ratesOfClass.cpu;
  const cores = 4;
  const like = {
    bandwidth: usual.bandwidth,
    launch: usual.launch,
    narrow: (usual.access + usual.component) / cores,
    wide: (usual.access + 4 * usual.component) / cores,
    operation: usual.operation / 8 / cores,
    compile: 120,
  };
  const rates = measuredRates(like, { class: 'cpu', subgroupSize: 8, cores });
  for (const [name, value] of Object.entries({ ...usual, cores }))
    expect(rates[name as keyof typeof rates], name).toBeCloseTo(value, 6);
});

test('a device whose compiler is ten times faster', () => {
  const rates = measuredRates(
    { ...times, compile: 12 },
    { class: 'cpu', subgroupSize: 4, cores: 2 },
  );
  expect(rates.compileSite).toBeCloseTo(ratesOfClass.cpu.compileSite / 10, 6);
  expect(rates.access).toBeGreaterThan(0);
  expect(rates.component).toBeGreaterThan(0);
});
