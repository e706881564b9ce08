/** The host of a page or worker: the browser's own adapter, no files. */
import { deviceDescriptor, pageHost as pageRuntime } from '../runtime/index.ts';
import type { ApiHost } from './host.ts';
import { UsageError } from './usage-error.ts';

export const pageHost: ApiHost = {
  async openDevice(portable) {
    const gpu = globalThis.navigator?.gpu;
    if (gpu === undefined)
      throw new UsageError(
        'there is no WebGPU here',
        'in a page it needs a browser with WebGPU and a secure origin (https or localhost); in Node, `useHost(nodeHost)` brings it',
      );
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (adapter === null)
      throw new UsageError(
        'this browser offers no WebGPU adapter',
        'see chrome://gpu; on Linux, Chrome wants --enable-unsafe-webgpu --enable-features=Vulkan',
      );
    const device = await adapter.requestDevice(portable ? {} : deviceDescriptor(adapter));
    return { device, name: nameOf(device), close: () => device.destroy() };
  },
  runtimeFor: () => pageRuntime,
  keep: (device) => () => device.destroy(),
};

/** As much as the browser tells. */
export function nameOf({ adapterInfo }: GPUDevice): string {
  const { description, device, vendor, architecture } = adapterInfo;
  const names = [description, device, `${vendor} ${architecture}`.trim()];
  return names.find((name) => name !== '') ?? 'an adapter without a name';
}
