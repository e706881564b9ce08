/** What a plan requires against what a device offers: every shortage is named. */
import { expect, test } from 'vitest';
import { checkDevice, type DeviceOffer, type Plan } from '../../runtime/index.ts';
import { smallPlan } from '../fixtures/small-plan.ts';

/** WebGPU's default limits, as far as the check reads them. */
const defaults = {
  maxBufferSize: 268_435_456,
  maxStorageBufferBindingSize: 134_217_728,
  maxUniformBufferBindingSize: 65_536,
  maxStorageBuffersPerShaderStage: 8,
  maxUniformBuffersPerShaderStage: 12,
  maxBindingsPerBindGroup: 1000,
  maxComputeWorkgroupsPerDimension: 65_535,
  minStorageBufferOffsetAlignment: 256,
};

function offer(
  limits: Partial<typeof defaults> = {},
  features: readonly string[] = [],
): DeviceOffer {
  return {
    features: new Set(features),
    limits: { ...defaults, ...limits } as unknown as GPUSupportedLimits,
  };
}

function changed(change: Partial<Plan>): Plan {
  return { ...smallPlan, ...change };
}

test('the small plan runs on a device with default limits', () => {
  expect(checkDevice(smallPlan, offer())).toEqual([]);
});

test('features and limits that the plan requires', () => {
  const plan = changed({
    requires: {
      features: ['subgroups', 'shader-f16'],
      limits: {
        maxComputeWorkgroupStorageSize: 32_768,
        maxBufferSize: 300_000_000,
        minStorageBufferOffsetAlignment: 64,
      },
    },
  });
  expect(checkDevice(plan, offer({}, ['subgroups']))).toEqual([
    'it needs the feature `shader-f16`',
    'it needs the limit maxComputeWorkgroupStorageSize = 32768, which the device does not know',
    'it needs maxBufferSize = 300000000; the device has 268435456',
    'it needs minStorageBufferOffsetAlignment = 64; the device has 256',
  ]);
});

test('a tensor too large is named', () => {
  const problems = checkDevice(smallPlan, offer({ maxBufferSize: 64 }));
  expect(problems).toEqual(['tensor `w` (and 3 more) takes 80 bytes; maxBufferSize is 64']);
});

test('a binding too large is named once, with its kernel', () => {
  const problems = checkDevice(smallPlan, offer({ maxStorageBufferBindingSize: 64 }));
  expect(problems).toEqual([
    'kernel k02_train binds 80 bytes of tensor `w` (and 3 more); maxStorageBufferBindingSize is 64',
  ]);
  expect(checkDevice(smallPlan, offer({ maxUniformBufferBindingSize: 8 }))).toEqual([
    'kernel k02_train binds 16 bytes of buffer `constants`; maxUniformBufferBindingSize is 8',
  ]);
});

test('too many bindings', () => {
  const few = offer({ maxStorageBuffersPerShaderStage: 2, maxUniformBuffersPerShaderStage: 0 });
  expect(checkDevice(smallPlan, few)).toEqual([
    'kernel k02_train binds 3 storage buffers; maxStorageBuffersPerShaderStage is 2',
    'kernel k02_train binds 1 uniform buffers; maxUniformBuffersPerShaderStage is 0',
  ]);
});

test('a grid too wide', () => {
  const programs = smallPlan.programs.map((program) => ({
    ...program,
    dispatches: program.dispatches.map((dispatch) => ({ ...dispatch, grid: [1, 900, 1] as const })),
  }));
  const problems = checkDevice(
    changed({ programs }),
    offer({ maxComputeWorkgroupsPerDimension: 800 }),
  );
  expect(problems[0]).toBe(
    'kernel k02_train runs 900 workgroups in one dimension; maxComputeWorkgroupsPerDimension is 800',
  );
});
