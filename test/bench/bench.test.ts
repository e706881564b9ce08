/** The benchmark's contestants compute the right thing, and its arithmetic is right; speed is not looked at. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { prepareCase } from '../../bench/cases.ts';
import { relativeError, timingOf } from '../../bench/measure.ts';
import { comparedTable } from '../../bench/recorded.ts';
import { type OpenedDevice, openDevice } from '../../host/node.ts';

let opened: OpenedDevice;
beforeAll(async () => {
  opened = await openDevice();
});
afterAll(() => opened.close());

test.each([
  ['training', 7, 5],
  ['inference', 2, 2],
] as const)('%s: by hand and compiled, against f64', async (kind, byHand, atMost) => {
  const { entries } = await prepareCase(opened, kind);
  const hasTiles = opened.subgroupSize === 4 || opened.subgroupSize === 8;
  if (!hasTiles) console.log('hand-written kernels left out: no subgroups of 4 or of 8 lanes');
  const counts = entries.map((e) => e.contestant.kernels.length);
  expect(hasTiles ? counts[0] : byHand).toBe(byHand);
  // Exact counts are a matter of test/fuse and test/plan.
  for (const count of counts.slice(-2)) expect(count).toBeLessThanOrEqual(atMost);
  for (const { name, error, contestant } of entries) {
    expect(error, name).toBeLessThan(1e-4);
    await contestant.runOnly(0, 2);
    contestant.close();
  }
});

test('the median of an even number of times is the mean of the middle two', () => {
  expect(timingOf([4, 1, 3, 2])).toEqual({ least: 1, median: 2.5 });
  expect(timingOf([5, 1, 3])).toEqual({ least: 1, median: 3 });
});

test('a result that is missing or not a number is infinitely wrong', () => {
  expect(relativeError([1, 2.02], [1, 2])).toBeCloseTo(0.02 / 2.01);
  expect(relativeError([1, Number.NaN], [1, 2])).toBe(Number.POSITIVE_INFINITY);
  expect(relativeError([1], [1, 2])).toBe(Number.POSITIVE_INFINITY);
});

test('a run is compared with the recorded one, by time and by its ratio to the hand-written kernels', () => {
  const timing = (least: number) => ({ least, median: least });
  const recorded = { date: '', adapter: '', cpu: '', node: '' };
  const before = { a: { nnc: timing(20), hand: timing(10) }, b: { nnc: timing(4) } };
  const now = new Map(
    Object.entries({ a: { nnc: timing(5), hand: timing(5) }, b: { nnc: timing(8) } }),
  );
  expect(comparedTable(now, { ...recorded, cases: before }).slice(1)).toEqual([
    ['a', '5.00', '5.00', '5.00', '1.00', '0.25', '0.50'],
    ['b', '8.00', '8.00', '-', '-', '2.00', '-'],
  ]);
});
