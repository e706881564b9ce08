/** The runtime in a page: the same plan, the same numbers. */
import { expect, test } from 'vitest';
import { deviceDescriptor, deviceTraits, pageHost } from '../../runtime/index.ts';
import { runSmallPlan } from '../fixtures/run-small-plan.ts';

async function openAdapter(): Promise<GPUAdapter> {
  const adapter = await navigator.gpu.requestAdapter();
  if (adapter === null) throw new Error('this browser offers no WebGPU adapter');
  return adapter;
}

test.each(['portable', 'everything'])(
  'a plan runs in a page as it does in Node: %s',
  async (asked) => {
    const adapter = await openAdapter();
    const device = await adapter.requestDevice(
      asked === 'portable' ? {} : deviceDescriptor(adapter),
    );
    expect(device.features.has('subgroups')).toBe(
      asked === 'everything' && adapter.features.has('subgroups'),
    );
    expect(deviceTraits(device).subgroupSize === undefined).toBe(!device.features.has('subgroups'));
    await runSmallPlan(device, pageHost);
    device.destroy();
  },
);
