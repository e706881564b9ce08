/** Which adapter is found, and what is said where there is none. */
import { expect, test } from 'vitest';
import { findDriver } from '../../host/driver.ts';
import { AdapterNotFoundError, describeAdapter, openDevice } from '../../host/node.ts';

// First in this file: a process that has found a driver stays with it.
test('without any driver: one message with what was tried, and the remedies', async () => {
  const places = [
    { how: "the system's Vulkan", prepare: async () => 'there is no libvulkan.so.1' },
    {
      how: 'SwiftShader from npm',
      prepare: async () => {
        throw new Error('EROFS: read-only file system');
      },
    },
  ];
  const error: unknown = await findDriver([], {}, places).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AdapterNotFoundError);
  const { message, help, attempts } = error as AdapterNotFoundError;
  expect(message).toBe(
    'no WebGPU adapter was found\n' +
      "  the system's Vulkan: there is no libvulkan.so.1\n" +
      '  SwiftShader from npm: Error: EROFS: read-only file system',
  );
  if (process.platform === 'linux') {
    expect(help).toContain('npm i -D @sparticuz/chromium');
    expect(help).toContain('apt-get install -t bookworm-backports mesa-vulkan-drivers');
  }
  expect(attempts).toHaveLength(2);
});

test('NNC_GPU=swiftshader passes over the system; later openings keep the driver', async ({
  skip,
}) => {
  skip(process.platform !== 'linux', 'SwiftShader out of npm is for Linux');
  const first = await openDevice({ env: { ...process.env, NNC_GPU: 'swiftshader' } });
  expect(first.attempts[0]?.reason).toContain('NNC_GPU=swiftshader');
  expect(first.how).toContain('SwiftShader');
  expect(first.deviceClass).toBe('cpu');
  const second = await openDevice({ env: {} });
  expect(second.how).toBe(first.how);
  expect(second.gpu).toBe(first.gpu);
  const unchecked = await openDevice({ dawnFeatures: ['disable_robustness'] });
  expect(unchecked.how).toBe(first.how);
  expect(unchecked.gpu).not.toBe(first.gpu);
  for (const opened of [first, second, unchecked]) opened.close();
});

test('a device has what the adapter offers, a portable one only the defaults', async () => {
  const full = await openDevice();
  const portable = await openDevice({ portable: true });
  expect(full.device.limits.maxBufferSize).toBe(full.adapter.limits.maxBufferSize);
  expect(full.device.features.has('subgroups')).toBe(full.adapter.features.has('subgroups'));
  expect(portable.device.limits.maxStorageBuffersPerShaderStage).toBe(8);
  expect(portable.device.limits.maxBufferSize).toBe(268_435_456);
  expect(portable.device.features.has('subgroups')).toBe(false);
  expect(portable.subgroupSize).toBeUndefined();

  const facts = describeAdapter(full);
  expect(facts.how).toBe(full.how);
  expect(facts.limits['maxBufferSize']).toBe(full.adapter.limits.maxBufferSize);
  expect(facts.features).toContain('core-features-and-limits');
  expect(facts.faster.length > 0).toBe(full.deviceClass === 'cpu');
  full.close();
  portable.close();
});
