/** The device, and what this module has made on it. */
import type { BufferPlan, KernelPlan } from './types.ts';

/** Fixed by the WebGPU specification; only pages have them as global names. */
export const usage = { MAP_READ: 1, COPY_SRC: 4, COPY_DST: 8, UNIFORM: 64, STORAGE: 128 } as const;

export interface Gpu {
  readonly device: GPUDevice;
  /** By the numbers of the table. Those that change places do so here. */
  readonly buffers: GPUBuffer[];
  readonly pipelines: readonly GPUComputePipeline[];
  /** Why nothing can be run any more. */
  ended?: string;
}

/** Makes all buffers and compiles all kernels at the same time; leaves nothing behind where that fails. */
export async function createGpu(
  device: GPUDevice,
  bufferPlans: readonly BufferPlan[],
  kernelPlans: readonly KernelPlan[],
): Promise<Gpu> {
  device.pushErrorScope('out-of-memory');
  device.pushErrorScope('validation');
  const buffers = bufferPlans.map((plan) => createBuffer(device, plan));
  const pipelines = Promise.all(kernelPlans.map((plan) => createPipeline(device, plan)));
  const errors = Promise.all([device.popErrorScope(), device.popErrorScope()]);
  const gpu: Gpu = { device, buffers, pipelines: [] };
  void device.lost.then(({ message, reason }) => {
    gpu.ended ??= `the GPU device was lost: ${message || reason || 'no reason is known'}`;
  });
  try {
    const [compiled, found] = await Promise.all([pipelines, errors]);
    for (const error of found) if (error !== null) throw error;
    checkRunning(gpu);
    return Object.assign(gpu, { pipelines: compiled });
  } catch (cause) {
    for (const buffer of buffers) buffer.destroy();
    checkRunning(gpu);
    const { message } = cause as { message: string };
    throw new Error(`this device cannot run the module: ${message.trim()}`, { cause });
  }
}

function createBuffer(device: GPUDevice, { bytes, data }: BufferPlan): GPUBuffer {
  const { UNIFORM, STORAGE, COPY_SRC, COPY_DST } = usage;
  const kind = data === undefined ? STORAGE | COPY_SRC : STORAGE | UNIFORM;
  const buffer = device.createBuffer({ size: bytes, usage: kind | COPY_DST });
  if (data !== undefined) device.queue.writeBuffer(buffer, 0, Uint32Array.from(data));
  return buffer;
}

async function createPipeline(device: GPUDevice, plan: KernelPlan): Promise<GPUComputePipeline> {
  const entries = plan.bindings.map((type, binding) => ({
    binding,
    // Seen by compute shaders.
    visibility: 4,
    buffer: { type },
  }));
  return await device.createComputePipelineAsync({
    label: plan.name,
    layout: device.createPipelineLayout({
      bindGroupLayouts: [device.createBindGroupLayout({ entries })],
    }),
    compute: { module: device.createShaderModule({ label: plan.name, code: plan.wgsl }) },
  });
}

/** Throws where the device is lost or the network was closed. */
export function checkRunning({ ended }: Gpu): void {
  if (ended !== undefined) throw new Error(ended);
}

/** The result of a promise of the device, or an error that says what became of the device. */
export async function waitFor<T>(gpu: Gpu, promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    // That a device is lost may be told a moment after what fails for it.
    await Promise.race([gpu.device.lost, new Promise((resolve) => setTimeout(resolve, 100))]);
    checkRunning(gpu);
    throw error;
  }
}

/** Gives all memory back; the device stays its owner's. */
export function closeGpu(gpu: Gpu): void {
  gpu.ended ??= 'the network is closed';
  for (const buffer of gpu.buffers) buffer.destroy();
}

/** An entry that the compiler has made sure of. */
export function at<T>(list: readonly T[], index: number): T {
  const entry = list[index];
  if (entry === undefined) throw new Error(`there is no entry ${index}: this module is damaged`);
  return entry;
}
