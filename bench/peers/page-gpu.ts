/**
 * Puts Dawn's WebGPU where browser libraries look for it, and counts what they do with it. To be imported
 * before the library. Dawn's own switches are at their defaults for every contestant: validation and
 * bounds checks are on, as in a browser.
 */
import { create, globals } from 'webgpu';
import { useSwiftshader } from '../../host/swiftshader.ts';
import { SWIFTSHADER } from './environment.ts';

export interface Counts {
  dispatches: number;
  submits: number;
  passes: number;
  buffers: number;
  /** Of the buffers created. */
  bytes: number;
  liveBytes: number;
  peakBytes: number;
  writes: number;
  writeBytes: number;
  copies: number;
  bindGroups: number;
  pipelines: number;
}
export const counts: Counts = {
  dispatches: 0,
  submits: 0,
  passes: 0,
  buffers: 0,
  bytes: 0,
  liveBytes: 0,
  peakBytes: 0,
  writes: 0,
  writeBytes: 0,
  copies: 0,
  bindGroups: 0,
  pipelines: 0,
};
/** What Dawn reports to nobody: a contestant with one of these is shown as invalid. */
export const deviceErrors: string[] = [];

const folder = process.env[SWIFTSHADER];
if (folder !== undefined) useSwiftshader(folder);
process.env['XDG_RUNTIME_DIR'] ??= '/tmp';
Object.assign(globalThis, globals);

let instance: GPU | undefined;
const page = {
  /** Made when it is first asked for: nnc finds its adapter by itself. */
  get gpu(): GPU {
    instance ??= create([]);
    return instance;
  },
  userAgent:
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36',
  platform: 'Linux x86_64',
  language: 'en',
  hardwareConcurrency: 2,
};
Object.defineProperty(globalThis, 'navigator', { value: page, configurable: true, writable: true });
// Dawn for Node does not always keep the event loop alive while a promise of its is pending.
setInterval(() => undefined, 1000);

export async function adapterName(): Promise<string> {
  const adapter = await page.gpu.requestAdapter();
  if (adapter === null) throw new Error('no WebGPU adapter');
  const { vendor, architecture, description } = adapter.info;
  return `${vendor} ${architecture}: ${description}`;
}

type Method = (this: unknown, ...values: never[]) => unknown;
type Prototype = Record<string, Method | undefined>;

/** Calls `seen` behind every call of the method. */
function watch<This, Values extends unknown[], Result>(
  owner: { readonly prototype: object },
  method: string,
  seen: (result: Result, values: Values, self: This) => void,
): void {
  const prototype = owner.prototype as Prototype;
  const original = prototype[method];
  if (original === undefined) return;
  prototype[method] = function (this: unknown, ...values: never[]) {
    const result = original.apply(this, values);
    seen(result as Result, values as unknown as Values, this as This);
    return result;
  };
}

const sizes = new WeakMap<GPUBuffer, number>();
watch(GPUDevice, 'createBuffer', (buffer: GPUBuffer, [{ size }]: [GPUBufferDescriptor]) => {
  counts.buffers++;
  counts.bytes += size;
  counts.liveBytes += size;
  counts.peakBytes = Math.max(counts.peakBytes, counts.liveBytes);
  sizes.set(buffer, size);
});
watch(GPUBuffer, 'destroy', (_: undefined, __: [], buffer: GPUBuffer) => {
  counts.liveBytes -= sizes.get(buffer) ?? 0;
  sizes.delete(buffer);
});
const tally = (owner: { readonly prototype: object }, method: string, name: keyof Counts): void =>
  watch(owner, method, () => {
    counts[name]++;
  });
tally(GPUComputePassEncoder, 'dispatchWorkgroups', 'dispatches');
tally(GPUComputePassEncoder, 'dispatchWorkgroupsIndirect', 'dispatches');
tally(GPUCommandEncoder, 'beginComputePass', 'passes');
tally(GPUCommandEncoder, 'copyBufferToBuffer', 'copies');
tally(GPUQueue, 'submit', 'submits');
tally(GPUDevice, 'createBindGroup', 'bindGroups');
tally(GPUDevice, 'createComputePipeline', 'pipelines');
tally(GPUDevice, 'createComputePipelineAsync', 'pipelines');

type WriteValues = [GPUBuffer, number, ArrayBufferView | ArrayBufferLike, number?, number?];
// Dawn for Node refuses a view on shared memory where the specification allows one; ort-web's heap is shared.
const queue = GPUQueue.prototype as unknown as Prototype;
const writeBuffer = queue['writeBuffer'] as Method | undefined;
queue['writeBuffer'] = function (this: unknown, ...values: never[]) {
  const [buffer, offset, data, from = 0, size] = values as unknown as WriteValues;
  const memory = ArrayBuffer.isView(data) ? data.buffer : data;
  if (!(memory instanceof SharedArrayBuffer)) return writeBuffer?.apply(this, values);
  const view = ArrayBuffer.isView(data) ? data : new Uint8Array(data);
  const end = size === undefined ? undefined : from + size;
  const copy = Uint8Array.prototype.slice.call(view, from, end);
  return writeBuffer?.apply(this, [buffer, offset, copy] as never[]);
} as Method;
watch(GPUQueue, 'writeBuffer', (_: undefined, [, , data, , size]: WriteValues) => {
  counts.writes++;
  counts.writeBytes += size ?? data.byteLength;
});

const requestDevice = GPUAdapter.prototype.requestDevice;
GPUAdapter.prototype.requestDevice = async function (...values) {
  const device = await requestDevice.apply(this, values);
  device.addEventListener('uncapturederror', (event) => {
    if (deviceErrors.length < 5) deviceErrors.push(event.error.message);
  });
  return device;
};
