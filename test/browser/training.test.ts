/** The compiler and the runtime in a page: a plan trains there as it does in Node (`test/train-parity`). */
import { expect, test } from 'vitest';
import { deviceProfile, portable } from '../../compiler/schedule/device.ts';
import { deviceDescriptor, deviceTraits, pageHost } from '../../runtime/index.ts';
import { checkTraining } from '../fixtures/check-training.ts';
import { optimizers } from '../fixtures/small-network.ts';

async function openDevice(asPortable: boolean): Promise<GPUDevice> {
  const adapter = await navigator.gpu.requestAdapter();
  if (adapter === null) throw new Error('this browser offers no WebGPU adapter');
  return adapter.requestDevice(asPortable ? {} : deviceDescriptor(adapter));
}

test.each(optimizers)(
  'the portable plan on a device with default limits: %s',
  async (optimizer) => {
    const device = await openDevice(true);
    expect(device.features.has('subgroups')).toBe(false);
    await checkTraining(optimizer, portable, device, pageHost);
    device.destroy();
  },
);

test.each(optimizers)("the page's own plan: %s", async (optimizer) => {
  const device = await openDevice(false);
  const profile = deviceProfile({ ...deviceTraits(device), limits: device.limits });
  await checkTraining(optimizer, profile, device, pageHost);
  device.destroy();
});

test.each(optimizers)('schedules for a GPU: %s', async (optimizer) => {
  const device = await openDevice(true);
  await checkTraining(optimizer, { ...portable, class: 'gpu' }, device, pageHost);
  device.destroy();
});
