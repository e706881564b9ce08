/** What `nnc train --stats` says, from counted and timed steps. */
import { expect, test } from 'vitest';
import { statisticsText } from '../../cli/statistics-text.ts';
import type { RunStatistics } from '../../runtime/index.ts';

const statistics: RunStatistics = {
  steps: 1000,
  submits: 50,
  mostInFlight: 3,
  uploads: 1000,
  uploadedBytes: 1000 * 2048,
  uploadMs: 40,
  encodeMs: 25,
  deviceMs: 9000,
  deviceClock: 'timestamps',
};

test('costs of a step, and the share that is not the device', () => {
  expect(statisticsText({ statistics, trainingMs: 10_000, cpuMs: 12_000 })).toEqual([
    ['steps', '1,000 in 50 submits, 20.0 a submit, at most 3 in flight'],
    ['device', "9.0 s, 9.000 ms a step (by the device's clock)"],
    ['encoding', '0.025 ms a step'],
    ['uploads', '1,000 batches of 2.0 kB; 0.040 ms a batch'],
    ['CPU', "12 s, 12.000 ms a step (this process: all threads, the driver's too)"],
    ['share', "10.0 % of 10 s of training were not the device's work on steps"],
  ]);
});

test('without uploads, and timed from outside: never less than nothing', () => {
  const other = { ...statistics, uploads: 0, deviceMs: 11_000, deviceClock: 'wall' } as const;
  const facts = new Map(statisticsText({ statistics: other, trainingMs: 10_000, cpuMs: 1 }));
  expect(facts.get('uploads')).toBe('none');
  expect(facts.get('device')).toMatch(/by the wall, from submit to submit/);
  expect(facts.get('share')).toMatch(/^0\.0 %/);
});
