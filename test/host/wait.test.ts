/** Waiting for the device: it sleeps on a CPU adapter, and keeps the process alive. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWait, type OpenedDevice, openDevice } from '../../host/node.ts';

let opened: OpenedDevice;
beforeAll(async () => {
  opened = await openDevice();
});
afterAll(() => opened.close());

/** Work that lasts a good part of a second on a CPU adapter. */
async function slowDispatch(device: GPUDevice): Promise<() => void> {
  const code = /* wgsl */ `
    @group(0) @binding(0) var<storage, read_write> x: array<f32>;
    @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
      for (var i = 0u; i < 2000u; i++) { x[id.x] = x[id.x] * 0.5 + f32(i); }
    }`;
  const module = device.createShaderModule({ code });
  const compute = { module, entryPoint: 'main' };
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute });
  const buffer = device.createBuffer({ size: 2 ** 18, usage: GPUBufferUsage.STORAGE });
  const group = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [{ binding: 0, resource: { buffer } }],
  });
  return () => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(512);
    pass.end();
    device.queue.submit([encoder.finish()]);
  };
}

/** Wall time and CPU time of this thread alone (the driver's threads not counted), in milliseconds. */
async function measure(waiting: Promise<unknown>): Promise<{ wall: number; thread: number }> {
  const wall = performance.now();
  const before = process.threadCpuUsage();
  await waiting;
  const used = process.threadCpuUsage(before);
  return { wall: performance.now() - wall, thread: (used.user + used.system) / 1000 };
}

test('waiting for a CPU adapter sleeps instead of polling, and timers still run', async ({
  skip,
}) => {
  skip(opened.deviceClass !== 'cpu', 'only CPU adapters are waited for with sleeps');
  const { device, host } = opened;
  const run = await slowDispatch(device);
  let ticks = 0;
  const timer = setInterval(() => {
    ticks += 1;
  }, 5);
  run();
  const throttled = await measure(host.wait(device.queue.onSubmittedWorkDone()));
  clearInterval(timer);
  expect(throttled.wall).toBeGreaterThan(20);
  expect(throttled.thread).toBeLessThan(throttled.wall * 0.4);
  expect(ticks).toBeGreaterThan(2);
});

test('many waits at once sleep once, and a rejection arrives', async () => {
  const wait = createWait(true);
  const later = (milliseconds: number) =>
    new Promise<number>((resolve) => setTimeout(resolve, milliseconds, milliseconds));
  const begun = performance.now();
  const waits = Array.from({ length: 50 }, (_, index) => wait(later(index % 10)));
  expect(await Promise.all(waits)).toEqual(Array.from({ length: 50 }, (_, index) => index % 10));
  expect(performance.now() - begun).toBeLessThan(1000);
  await expect(wait(Promise.reject(new Error('lost')))).rejects.toThrow('lost');
});

test('a process with nothing else to do stays alive until the promise settles', async () => {
  // An unreferenced timer by itself lets the process end before it fires.
  const late = "new Promise((resolve) => setTimeout(resolve, 50, 'here').unref())";
  const module = JSON.stringify(new URL('../../host/wait.ts', import.meta.url).href);
  const run = async (code: string): Promise<string> => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--input-type=module',
      '-e',
      code,
    ]);
    return stdout.trim();
  };
  expect(await run(`${late}.then(console.log)`)).toBe('');
  const waiting = `import { createWait } from ${module}; createWait(true)(${late}).then(console.log)`;
  expect(await run(waiting)).toBe('here');
});
