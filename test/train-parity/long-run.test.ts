/** Ten thousand steps of a compiled plan: nothing is created after the start, and every step counts. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { compile } from '../../compiler/compile.ts';
import { deviceProfile } from '../../compiler/schedule/device.ts';
import { type OpenedDevice, openDevice } from '../../host/node.ts';
import { openSession } from '../../runtime/index.ts';
import { initialState, modelOf } from '../support/model.ts';

const exclusiveOr = `
input x: f32[n, 2]
input y: f32[n]
let guess = x |> dense(8) |> tanh |> dense(1) |> sigmoid
loss = mse(guess[:, 0], y)
train { optimizer: adam(lr=0.01)  batch: 4 }
`;
const rows = {
  x: Float32Array.of(0, 0, 0, 1, 1, 0, 1, 1),
  y: Float32Array.of(0, 1, 1, 0),
};
const STEPS = 10_000;

let opened: OpenedDevice;
beforeAll(async () => {
  opened = await openDevice();
});
afterAll(() => opened.close());

test('10,000 steps keep the number of GPU buffers', async () => {
  const { device, host } = opened;
  const model = modelOf(exclusiveOr);
  const { plan } = compile(model, {
    device: deviceProfile({ ...opened, limits: device.limits }),
    programs: [{ kind: 'train', dims: { n: 4 } }],
  });
  const createBuffer = vi.spyOn(device, 'createBuffer');
  const createBindGroup = vi.spyOn(device, 'createBindGroup');
  const session = await openSession(plan, { device, host });
  for (const [name, value] of initialState(model))
    session.write(name, Float32Array.from(value.data));
  const before = session.counts();
  const runner = session.runner('train@4');
  for (let step = 0; step < STEPS; ) {
    const count = Math.min(runner.steps, STEPS - step);
    await runner.run(Array.from({ length: count }, () => rows));
    step += count;
  }
  await session.settle();
  expect([...((await session.read(['step'])).get('step') ?? [])]).toEqual([STEPS]);
  expect(createBuffer).toHaveBeenCalledTimes(before.buffers);
  expect(createBindGroup).toHaveBeenCalledTimes(before.bindGroups);
  expect(session.counts()).toEqual(before);

  session.metrics.reset();
  await runner.run([rows]);
  expect(((await session.metrics.read()).get('loss') ?? 1) / 4).toBeLessThan(1e-3);
  session.close();
});
