/** What the runtime says when the device cannot or will not. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type OpenedDevice, openDevice } from '../../host/node.ts';
import {
  DeviceFailure,
  DeviceLimitError,
  DeviceLostError,
  KernelError,
  openSession,
  type Plan,
  SessionError,
} from '../../runtime/index.ts';
import { batchAt, smallPlan } from '../fixtures/small-plan.ts';

let opened: OpenedDevice;
beforeEach(async () => {
  opened = await openDevice();
});
afterEach(() => opened.close());

const open = (plan: Plan = smallPlan) =>
  openSession(plan, { device: opened.device, host: opened.host, slots: 2 });

/** The small plan with the text of its second kernel replaced. */
function withKernel(edit: (wgsl: string) => string): Plan {
  const kernels = smallPlan.kernels.map((kernel) =>
    kernel.id === 11 ? { ...kernel, wgsl: edit(kernel.wgsl) } : kernel,
  );
  return { ...smallPlan, kernels };
}

test('a kernel that does not parse: name, model line, WGSL line, and whose fault it is', async () => {
  const error: unknown = await open(withKernel((wgsl) => wgsl.replace('+ 1.0', '+ one'))).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(KernelError);
  const { message, kernel } = error as KernelError;
  expect(kernel).toBe('k01_plus_one');
  expect(message).toContain('kernel k01_plus_one does not compile: this is a bug in nnc');
  expect(message).toContain('from small.nn:1  … + 1');
  expect(message).toMatch(/WGSL line 5: .*one/);
  expect(message).toMatch(/> +5 \| .*\+ one/);
});

test('a kernel that disagrees with its bindings', async () => {
  const opening = open(
    withKernel((wgsl) => wgsl.replace('<storage, read>', '<storage, read_write>')),
  );
  await expect(opening).rejects.toThrow(
    'kernel k01_plus_one does not compile: this is a bug in nnc',
  );
});

test('nothing is created for a plan that the device cannot run', async () => {
  const opening = open({ ...smallPlan, requires: { features: ['warp-drive'], limits: {} } });
  await expect(opening).rejects.toThrow(DeviceLimitError);
  await expect(opening).rejects.toThrow(
    'this device cannot run `small`:\n  it needs the feature `warp-drive`',
  );
});

test('a lost device ends every wait and every later call', async () => {
  const session = await open();
  const train = session.runner('train');
  await train.run([batchAt(0)]);
  const waits = [session.settle(), session.read(['w']), session.metrics.read()];
  opened.device.destroy();
  const outcomes = await Promise.allSettled(waits);
  for (const outcome of outcomes) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(DeviceLostError) });
  }
  await expect(train.run([batchAt(1)])).rejects.toThrow(DeviceLostError);
  expect(() => session.metrics.request(1)).toThrow('the GPU device was destroyed');
  session.close();
});

test('a wait that hangs ends when the device is lost', async () => {
  const session = await open();
  const never = new Promise<undefined>(() => undefined);
  const work = opened.device.queue.onSubmittedWorkDone.bind(opened.device.queue);
  opened.device.queue.onSubmittedWorkDone = () => never;
  const settling = session.settle();
  opened.device.queue.onSubmittedWorkDone = work;
  opened.device.destroy();
  await expect(settling).rejects.toThrow(DeviceLostError);
});

test('an error that no call returns is thrown at the next settle', async () => {
  const session = await open();
  opened.device.createBuffer({ size: 16, usage: 0x7fff_ffff });
  await expect(session.settle()).rejects.toThrow(DeviceFailure);
  await session.settle();
  session.close();
});

test('after close every call says so', async () => {
  const session = await open();
  const train = session.runner('train');
  await train.run([batchAt(0)]);
  session.close();
  session.close();
  await expect(session.read(['w'])).rejects.toThrow('the session is closed');
  await expect(train.run([batchAt(0)])).rejects.toThrow(SessionError);
  expect(() => session.write('w', [0, 0, 0, 0, 0])).toThrow('the session is closed');
  // The device is still its owner's.
  const next = await open();
  await next.runner('train').run([batchAt(0)]);
  await next.settle();
  next.close();
});

test('what the device refuses while opening is thrown, and nothing is left behind', async () => {
  const { device } = opened;
  const create = device.createBuffer.bind(device);
  const created: { destroy: ReturnType<typeof vi.fn> }[] = [];
  const spy = vi.spyOn(device, 'createBuffer').mockImplementation((descriptor) => {
    // The combination is forbidden: the device answers with an error and an invalid buffer.
    const buffer = create({ ...descriptor, usage: descriptor.usage | GPUBufferUsage.MAP_READ });
    const destroy = vi.fn(buffer.destroy.bind(buffer));
    buffer.destroy = destroy;
    created.push({ destroy });
    return buffer;
  });
  await expect(open()).rejects.toThrow(DeviceFailure);
  spy.mockRestore();
  expect(created).toHaveLength(smallPlan.buffers.length);
  for (const { destroy } of created) expect(destroy).toHaveBeenCalledTimes(1);
});
