/** One kernel under one schedule on the device: how long it compiles, and how long it runs. */
import { lower } from '../compiler/kernel/lower.ts';
import type { KernelSpec } from '../compiler/kernel/spec.ts';
import { boundsBytes, paddedBytes } from '../compiler/plan/buffer-table.ts';
import { type DeviceProfile, deviceCompiler } from '../compiler/schedule/device.ts';
import type { Schedule } from '../compiler/schedule/schedule.ts';
import { foldGrid, printKernel } from '../compiler/wgsl/print-kernel.ts';
import type { OpenedDevice } from '../host/node.ts';

export interface TimedKernel {
  /** From the text to the end of the first run, in milliseconds. */
  readonly firstMs: number;
  /** Milliseconds of one run, of `count` in one submit. */
  run(count: number): Promise<number>;
  close(): void;
}

export async function timedKernel(
  { device, host }: OpenedDevice,
  profile: DeviceProfile,
  spec: KernelSpec,
  schedule: Schedule,
): Promise<TimedKernel> {
  const ir = lower(spec, schedule, deviceCompiler(profile));
  const code = printKernel(ir);
  const storage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
  const buffers = spec.operands.map(({ tensor }) => {
    const buffer = device.createBuffer({
      size: paddedBytes(tensor.storage, tensor.elements),
      usage: storage,
    });
    // Floats from -1 to 1; of other types zeros, which are safe as indices.
    if (tensor.storage === 'f32')
      device.queue.writeBuffer(
        buffer,
        0,
        Float32Array.from({ length: tensor.elements }, (_, i) => ((i * 7919) % 2001) / 1000 - 1),
      );
    return buffer;
  });
  if (ir.bounds.length > 0) {
    const size = boundsBytes(ir.bounds);
    const buffer = device.createBuffer({
      size,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
    device.queue.writeBuffer(buffer, 0, Uint32Array.from(ir.bounds));
    buffers.push(buffer);
  }
  await host.wait(device.queue.onSubmittedWorkDone());
  const started = host.now();
  const pipeline = await host.wait(
    device.createComputePipelineAsync({
      layout: 'auto',
      compute: { module: device.createShaderModule({ code }) },
    }),
  );
  const group = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
  });
  const run = async (count: number): Promise<number> => {
    const begun = host.now();
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    for (let i = 0; i < count; i++) pass.dispatchWorkgroups(...foldGrid(ir.workgroups));
    pass.end();
    device.queue.submit([encoder.finish()]);
    await host.wait(device.queue.onSubmittedWorkDone());
    return (host.now() - begun) / count;
  };
  await run(1);
  return {
    firstMs: host.now() - started,
    run,
    close() {
      for (const buffer of buffers) buffer.destroy();
    },
  };
}
