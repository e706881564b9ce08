import { expect, test } from 'vitest';
import { pageHost } from '../../runtime/index.ts';
import { runSmallPlan } from '../fixtures/run-small-plan.ts';

test('a plan runs in a page with the same numbers as in Node', async () => {
  const adapter = await navigator.gpu.requestAdapter();
  expect(adapter, 'this browser offers no WebGPU adapter').not.toBeNull();
  const device = await adapter?.requestDevice();
  if (device === undefined) return;
  await runSmallPlan(device, pageHost);
  device.destroy();
});
