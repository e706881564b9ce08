/** A compiled plan trains in Node as it does in the interpreter; `test/browser/training.test.ts` does the same in a page. */
import { afterAll, expect, test } from 'vitest';
import { deviceProfile, portable } from '../../compiler/schedule/device.ts';
import { type OpenedDevice, openDevice } from '../../host/node.ts';
import { checkTraining } from '../fixtures/check-training.ts';
import { compileNetwork, optimizers } from '../fixtures/small-network.ts';

const opened = new Map<boolean, OpenedDevice>();
const deviceOf = async (asPortable: boolean): Promise<OpenedDevice> => {
  const device = opened.get(asPortable) ?? (await openDevice({ portable: asPortable }));
  opened.set(asPortable, device);
  return device;
};
afterAll(() => {
  for (const device of opened.values()) device.close();
});

test.each(optimizers)(
  'the portable plan on a device with default limits: %s',
  async (optimizer) => {
    const { device, host } = await deviceOf(true);
    expect(device.limits.maxStorageBuffersPerShaderStage).toBe(8);
    expect(device.features.has('subgroups')).toBe(false);
    await checkTraining(optimizer, portable, device, host);
  },
);

test.each(optimizers)("the adapter's own plan: %s", async (optimizer) => {
  const own = await deviceOf(false);
  const profile = deviceProfile({ ...own, limits: own.device.limits });
  await checkTraining(optimizer, profile, own.device, own.host);
});

test.each(optimizers)('schedules for a GPU: %s', async (optimizer) => {
  const { device, host } = await deviceOf(true);
  await checkTraining(optimizer, { ...portable, class: 'gpu' }, device, host);
});

test('the portable plan asks for nothing', () => {
  const { plan } = compileNetwork('sgd(lr=0.1)', portable);
  expect(plan.requires).toEqual({ features: [], limits: {} });
});
