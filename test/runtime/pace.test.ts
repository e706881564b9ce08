/** How many steps go into one submit, from how long the submits before took. */
import { expect, test } from 'vitest';
import { createPace } from '../../runtime/index.ts';

/** Lets `submits` submits run on a device whose steps last `stepMs`. */
function settle(stepMs: number, submits: number, submitMs = 300, maxSteps = 32): number[] {
  const pace = createPace(submitMs, maxSteps);
  return Array.from({ length: submits }, () => {
    const { steps } = pace;
    pace.record(steps, steps * stepMs);
    return steps;
  });
}

test('begins with one step and settles at submits of the wanted length', () => {
  expect(settle(20, 8)).toEqual([1, 1, 4, 15, 15, 15, 15, 15]);
  expect(settle(0.01, 8)).toEqual([1, 1, 4, 16, 32, 32, 32, 32]);
  expect(settle(5000, 4)).toEqual([1, 1, 1, 1]);
});

test('the first submit, which compiles shaders, does not count', () => {
  const pace = createPace(300, 32);
  pace.record(1, 4000);
  pace.record(1, 10);
  pace.record(4, 40);
  expect(pace.steps).toBe(16);
});

test('follows a device that becomes slower or faster', () => {
  const pace = createPace(300, 32);
  for (let i = 0; i < 10; i += 1) pace.record(pace.steps, pace.steps * 10);
  expect(pace.steps).toBe(30);
  for (let i = 0; i < 20; i += 1) pace.record(pace.steps, pace.steps * 100);
  expect(pace.steps).toBe(3);
  for (let i = 0; i < 20; i += 1) pace.record(pace.steps, pace.steps * 10);
  expect(pace.steps).toBe(29);
});

test('a coarse clock that says 0, or nonsense, leads to no division by zero', () => {
  const pace = createPace(15, 8);
  for (const milliseconds of [0, 0, 0, Number.NaN, -1]) pace.record(1, milliseconds);
  expect(pace.steps).toBe(8);
});
