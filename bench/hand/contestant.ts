/** Runs the hand-written kernels: buffers, pipelines and bind groups once, up to 16 steps in one pass and submit. */
import type { OpenedDevice } from '../../host/node.ts';
import type { Contestant } from '../contestant.ts';
import type { Problem } from '../problem.ts';
import { type BufferName, bufferLengths, type HandDispatch, inference, training } from './mlp.ts';

const STEPS_OF_A_SUBMIT = 16;
const FLOAT_BYTES = 4;

/** Their tiles divide by these. */
const LANES: readonly number[] = [4, 8];

/** Ready to run; undefined where the device's subgroups are not all of 4 or of 8 lanes, which the kernels are written for. */
export async function handWritten(
  opened: OpenedDevice,
  kind: 'training' | 'inference',
  data: Problem,
): Promise<Contestant | undefined> {
  const { device, host, subgroupSize: lanes } = opened;
  if (lanes === undefined || !LANES.includes(lanes)) return undefined;
  const started = host.now();
  const dispatches = kind === 'training' ? training(lanes) : inference(lanes);
  const result: BufferName = kind === 'training' ? 'loss' : 'scores';

  const names = new Set([...dispatches.flatMap((d) => d.binds.map(bufferOf)), result]);
  const buffers = new Map([...names].map((name) => [name, storage(device, name)]));
  const given = { images: data.images, labels: data.labels, ...data.parameters };
  for (const [name, values] of Object.entries(given)) {
    const buffer = buffers.get(name as BufferName);
    if (buffer !== undefined) device.queue.writeBuffer(buffer, 0, values);
  }
  const size = bufferLengths[result] * FLOAT_BYTES;
  const staging = device.createBuffer({
    size,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  });

  const encoders = await host.wait(Promise.all(dispatches.map((d) => prepare(device, d, buffers))));
  const queue = (steps: readonly Encode[], count: number): void => {
    for (let left = count; left > 0; left -= STEPS_OF_A_SUBMIT) {
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      for (let step = Math.min(left, STEPS_OF_A_SUBMIT); step > 0; step--)
        for (const encode of steps) encode(pass);
      pass.end();
      device.queue.submit([encoder.finish()]);
    }
  };
  const read = async (): Promise<Float32Array> => {
    const encoder = device.createCommandEncoder();
    const source = buffers.get(result);
    if (source !== undefined) encoder.copyBufferToBuffer(source, 0, staging, 0, size);
    device.queue.submit([encoder.finish()]);
    await host.wait(staging.mapAsync(GPUMapMode.READ));
    const values = new Float32Array(staging.getMappedRange().slice(0));
    staging.unmap();
    return kind === 'training' ? values.subarray(0, 1) : values;
  };

  const parts = {
    run: async (count: number) => queue(encoders, count),
    read,
    kernels: dispatches.map((d) => ({
      name: d.kernel.name,
      note: `${d.kernel.grid.join(' x ')} workgroups of ${lanes}`,
    })),
    runOnly: async (kernel: number, count: number) => {
      queue(encoders.slice(kernel, kernel + 1), count);
      await host.wait(device.queue.onSubmittedWorkDone());
    },
    bytes: bytesOf(names, size),
    close: () => {
      for (const buffer of [...buffers.values(), staging]) buffer.destroy();
    },
  };
  await parts.run(1);
  const first = await read();
  return { ...parts, first, firstMs: host.now() - started };
}

type Encode = (pass: GPUComputePassEncoder) => void;
type Bind = HandDispatch['binds'][number];

const bufferOf = (bind: Bind): BufferName =>
  bind === 'scoreGradient/rows' ? 'scoreGradient' : bind;

function storage(device: GPUDevice, label: BufferName): GPUBuffer {
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
  return device.createBuffer({ label, size: bufferLengths[label] * FLOAT_BYTES, usage });
}

async function prepare(
  device: GPUDevice,
  { kernel, binds }: HandDispatch,
  buffers: ReadonlyMap<BufferName, GPUBuffer>,
): Promise<Encode> {
  const module = device.createShaderModule({ label: kernel.name, code: kernel.wgsl });
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module } });
  const group = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: binds.flatMap((bind, binding) => {
      const buffer = buffers.get(bufferOf(bind));
      if (buffer === undefined) return [];
      const rows = bufferLengths.scores * FLOAT_BYTES;
      return [
        { binding, resource: bind === 'scoreGradient/rows' ? { buffer, size: rows } : { buffer } },
      ];
    }),
  });
  return (pass) => {
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(...kernel.grid);
  };
}

function bytesOf(names: ReadonlySet<BufferName>, staging: number): Contestant['bytes'] {
  const data = new Set<BufferName>(['images', 'labels']);
  const sum = (input: boolean): number =>
    [...names]
      .filter((n) => data.has(n) === input)
      .reduce((s, n) => s + bufferLengths[n] * FLOAT_BYTES, 0);
  return { working: sum(false) + staging, input: sum(true) };
}
