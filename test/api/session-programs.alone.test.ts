/** What a session compiles, and when: each size once, however often and in whatever order it comes. */
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { useHost } from '../../api/host.ts';
import { nodeHost } from '../../api/node-host.ts';
import * as compiler from '../../compiler/compile.ts';
import * as candidates from '../../compiler/schedule/candidates.ts';
import { closeTestDevice, testDevice } from '../support/run-graph.ts';
import { tinyData } from '../support/tiny.ts';
import { openTiny } from './tiny.ts';

vi.mock('../../compiler/compile.ts', { spy: true });
vi.mock('../../compiler/schedule/candidates.ts', { spy: true });

beforeAll(() => useHost(nodeHost));
beforeEach(() => vi.clearAllMocks());
afterAll(closeTestDevice);

const compilations = (): number => vi.mocked(compiler.compile).mock.calls.length;
/** Kernels whose schedules were compared. */
const choices = (): number => vi.mocked(candidates.bestRanked).mock.calls.length;

const open = async () => openTiny({ device: (await testDevice()).device });

test('sizes that were there before are not compiled again', async () => {
  const session = await open();
  // The session itself, without programs.
  expect(compilations()).toBe(1);
  const evaluate = (rows: number) => session.evaluate(tinyData(rows), { batch: rows });
  for (const rows of [5, 6, 7]) await evaluate(rows);
  expect(compilations()).toBe(4);
  for (const rows of [5, 7, 6, 5]) await evaluate(rows);
  expect(compilations()).toBe(4);

  await session.fit(tinyData(29), { epochs: 2, validation: tinyData(6) });
  expect(compilations()).toBe(5);
  await session.fit(tinyData(29), { epochs: 1, validation: tinyData(7) });
  await session.step(tinyData(8));
  await evaluate(5);
  expect(compilations()).toBe(5);
  session.close();
});

test('the schedules of kernels that were there before are not chosen again', async () => {
  const session = await open();
  const chosenFor = async (rows: number): Promise<number> => {
    const before = choices();
    await session.evaluate(tinyData(rows), { batch: rows });
    return choices() - before;
  };
  const first = await chosenFor(5);
  expect(first).toBeGreaterThan(0);
  expect(await chosenFor(6)).toBeLessThanOrEqual(first);
  expect(await chosenFor(7)).toBeLessThanOrEqual(first);
  session.close();
});

test('of evaluations, the eight used last are kept beside the one that is wanted', async () => {
  const session = await open();
  const evaluate = (rows: number) => session.evaluate(tinyData(rows), { batch: rows });
  for (const rows of [1, 2, 3, 4, 5, 6, 7, 8, 1, 9, 10]) await evaluate(rows);
  const before = compilations();
  for (const rows of [1, 3, 10]) await evaluate(rows);
  expect(compilations()).toBe(before);
  await evaluate(2);
  expect(compilations()).toBe(before + 1);
  session.close();
});
