/** Where submits of a run have to end. */
import { describe, expect, test } from 'vitest';
import type { RunOptions } from '../../train/index.ts';
import { createStepSchedule } from '../../train/step-schedule.ts';

type Wishes = Pick<RunOptions, 'beforeStep' | 'afterStep' | 'checkpointEvery'>;
type Steps = Parameters<typeof createStepSchedule>[1];

/** The steps with which a submit begins, of a run of 20 whose submits are as long as they may be. */
function begins(wishes: Wishes, steps: Partial<Steps> = {}): readonly number[] {
  const schedule = createStepSchedule(wishes, { logEvery: Infinity, perEpoch: 8, ...steps });
  const found: number[] = [];
  for (let step = 0; step < 20; step = schedule.stopAfter(step)) found.push(step);
  return found;
}

const all = Array.from({ length: 20 }, (_, step) => step);
const calledBefore = (every: 'step' | 'epoch'): Wishes => ({
  beforeStep: { every, call: () => undefined },
});

describe('a submit begins', () => {
  test.each<[string, Wishes, Partial<Steps>, readonly number[]]>([
    ['once where nothing is wished', {}, {}, [0]],
    ['with every logged step, and after it', {}, { logEvery: 7 }, [0, 1, 7, 8, 14, 15]],
    ['with the last step where that is logged', {}, { last: 19 }, [0, 19]],
    ['after each checkpoint', { checkpointEvery: { steps: 6 } }, {}, [0, 6, 12, 18]],
    ['anywhere for checkpoints after epochs', { checkpointEvery: { epochs: 1 } }, {}, [0]],
    ['with every step before which there is a call', calledBefore('step'), {}, all],
    ['with the first step of an epoch', calledBefore('epoch'), {}, [0, 8, 16]],
    [
      'not there where no submit goes beyond one',
      calledBefore('epoch'),
      { perEpoch: Infinity },
      [0],
    ],
    ['with every step after which there is a call', { afterStep: async () => {} }, {}, all],
    [
      'for all of it together',
      { ...calledBefore('epoch'), checkpointEvery: { steps: 6 } },
      { logEvery: 10 },
      [0, 1, 6, 8, 10, 11, 12, 16, 18],
    ],
  ])('%s', (_, wishes, steps, expected) => {
    expect(begins(wishes, steps)).toEqual(expected);
  });

  test('steps that run alone are those that are logged', () => {
    const schedule = createStepSchedule({}, { logEvery: 7, last: 19, perEpoch: 8 });
    expect(all.filter((step) => schedule.isLogged(step))).toEqual([0, 7, 14, 19]);
    expect(createStepSchedule({}, { logEvery: Infinity, perEpoch: 8 }).isLogged(0)).toBe(false);
  });
});
