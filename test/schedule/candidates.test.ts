/** Candidates of a kernel: always some, all within the device's limits, in an order by estimate. */
import { describe, expect, test } from 'vitest';
import { compile } from '../../compiler/compile.ts';
import { partsOfSpec } from '../../compiler/kernel/spec.ts';
import { candidates, estimate, ranking } from '../../compiler/schedule/candidates.ts';
import { chooseSchedule } from '../../compiler/schedule/choose-schedule.ts';
import { contractFamily } from '../../compiler/schedule/contract-schedule.ts';
import { type DeviceProfile, portable } from '../../compiler/schedule/device.ts';
import { ratesOfClass } from '../../compiler/schedule/device-rates.ts';
import { printSchedule } from '../../compiler/schedule/schedule.ts';
import { exampleModel } from '../support/example-models.ts';

const devices: readonly (readonly [string, DeviceProfile])[] = [
  ['portable', portable],
  ['a CPU with subgroups of eight', { ...portable, subgroupSize: 8 }],
  ['a GPU', { ...portable, class: 'gpu', subgroupSize: 32, maxWorkgroupInvocations: 1024 }],
];

describe.each(devices)('%s', (_, device) => {
  const { model, programs } = exampleModel('mnist');
  const { kernels } = compile(model, { device, programs });
  const singles = kernels.flatMap(({ name, spec }) =>
    partsOfSpec(spec).map((part) => ({ name, spec: part })),
  );

  test('candidates differ, and stay within the limits', () => {
    for (const { name, spec } of singles) {
      const all = candidates(spec, device);
      expect(new Set(all.map(printSchedule)).size, name).toBe(all.length);
      for (const s of all) {
        expect(s.kind).toBe(spec.kind);
        expect(s.workgroup).toBeLessThanOrEqual(device.maxWorkgroupInvocations);
      }
    }
  });

  test('the first of the ranking is taken, and is nearly the cheapest', () => {
    for (const { spec, schedule } of kernels) {
      if (spec.kind === 'side-by-side') continue;
      const [first, ...rest] = ranking(spec, device);
      expect(schedule).toEqual(first.schedule);
      expect(chooseSchedule(spec, device)).toEqual(first.schedule);
      const least = Math.min(...rest.map((r) => r.estimate.microseconds));
      expect(first.estimate.microseconds).toBeLessThanOrEqual(1.15 * least);
    }
  });

  test('no schedule of a contraction is estimated below its bound', () => {
    for (const { name, spec } of singles) {
      if (spec.kind !== 'contract') continue;
      const bound = contractFamily.least?.(spec, device);
      for (const { schedule, estimate: it } of ranking(spec, device)) {
        if (schedule.kind !== 'contract') continue;
        const least = bound?.(schedule) ?? 0;
        expect(least, `${name} ${printSchedule(schedule)}`).toBeLessThanOrEqual(it.microseconds);
      }
    }
  });

  test('an estimate is the sum of its parts, memory and instructions overlapping', () => {
    for (const { spec } of singles) {
      const { microseconds, parts } = estimate(spec, chooseSchedule(spec, device), device);
      const { launch, memory, access, arithmetic, barriers, compile: compilation } = parts;
      const busy = Math.max(memory, access + arithmetic + barriers);
      expect(microseconds).toBeCloseTo(launch + busy + compilation, 6);
    }
  });
});

test('a measured profile replaces the constants of the class', () => {
  const { model, programs } = exampleModel('mnist');
  const { kernels } = compile(model, { device: portable, programs });
  const [kernel] = kernels;
  if (kernel === undefined) throw new Error('no kernel');
  const [spec] = partsOfSpec(kernel.spec);
  if (spec === undefined) throw new Error('no kernel');
  const schedule = chooseSchedule(spec, portable);
  const usual = estimate(spec, schedule, portable).parts.launch;
  const rates = { ...ratesOfClass.cpu, launch: 2 * ratesOfClass.cpu.launch };
  expect(estimate(spec, schedule, { ...portable, rates }).parts.launch).toBeCloseTo(2 * usual, 6);
});
