/** A plan with subgroup kernels is refused where subgroups have another size, or no known one: it would compute wrong numbers. */
import { expect, test } from 'vitest';
import { checkDevice } from '../../runtime/index.ts';
import { smallPlan } from '../fixtures/small-plan.ts';

const limits = new Proxy({}, { get: () => Number.MAX_SAFE_INTEGER }) as GPUSupportedLimits;
const plan = { ...smallPlan, requires: { features: ['subgroups'], limits: {}, subgroupSize: 4 } };
const device = (sizes?: readonly [number, number]) => ({
  features: new Set(['subgroups']),
  limits,
  ...(sizes === undefined
    ? {}
    : { adapterInfo: { subgroupMinSize: sizes[0], subgroupMaxSize: sizes[1] } }),
});

test('the size it was compiled for', () => {
  expect(checkDevice(plan, device([4, 4]))).toEqual([]);
});
test.each([
  [[8, 8], 'the device has 8 to 8'],
  [[4, 32], 'the device has 4 to 32'],
  [undefined, 'the device has none of a known size'],
] as const)('%j is refused', (sizes, found) => {
  expect(checkDevice(plan, device(sizes))).toEqual([
    `it was compiled for subgroups of 4 invocations; ${found}`,
  ]);
});
