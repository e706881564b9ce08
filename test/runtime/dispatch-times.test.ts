/** Every dispatch timed alone: as many times as dispatches, and the same numbers as in a session. Never how long. */
import { afterAll, describe, expect, test } from 'vitest';
import { compile, programName, withSections } from '../../compiler/compile.ts';
import { deviceProfile } from '../../compiler/schedule/device.ts';
import { measureDispatches } from '../../runtime/dispatch-times.ts';
import { openSession, type Plan, type Session, SessionError } from '../../runtime/index.ts';
import { initialise } from '../../train/index.ts';
import { syntheticInputs } from '../../train/synthetic-inputs.ts';
import { modelOf } from '../support/model.ts';
import { closeTestDevice, testDevice } from '../support/run-graph.ts';

afterAll(closeTestDevice);

const model = modelOf(`
input image: u8[batch, 8, 8]
input label: u8[batch]
let logits = cast(image, f32) / 255 |> flatten |> dense(20) |> relu |> dense(10)
output scores = logits
loss = softmax_crossentropy(logits, label)
train { optimizer: sgd(lr=0.1) }
`);
const dims = { batch: 16 };
const REPEAT = 3;

async function compiled(): Promise<Plan> {
  const { deviceClass, device } = await testDevice();
  const programs = withSections(model, { kind: 'train', dims });
  const profile = deviceProfile({ deviceClass, limits: device.limits });
  return compile(model, { device: profile, programs: [...programs, { kind: 'eval', dims }] }).plan;
}

const persistent = async (session: Session): Promise<Map<string, number[]>> => {
  const names = session.plan.tensors
    .filter(({ role }) => role !== 'input' && role !== 'output')
    .map(({ name }) => name);
  const values = await session.read(names);
  return new Map([...values].map(([name, data]) => [name, [...data]]));
};

/** The device as it is, and as one that has no clock. */
const withoutClock = (device: GPUDevice): GPUDevice => {
  const features = new Set([...device.features].filter((one) => one !== 'timestamp-query'));
  return new Proxy(device, {
    get: (target, key) => {
      const value: unknown = key === 'features' ? features : Reflect.get(target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
};

describe.each(['timestamps', 'wall'] as const)('by %s', (clock) => {
  test('there is a time for each dispatch, and the numbers are those of a session', async () => {
    const { device: own, host } = await testDevice();
    const device = clock === 'wall' ? withoutClock(own) : own;
    const plan = await compiled();
    const name = programName('train', dims);
    const inputs = syntheticInputs(model, plan, name);
    let measured: ReadonlyMap<string, number[]> = new Map();
    const runs: string[] = [];
    const times = await measureDispatches(plan, name, {
      device,
      host,
      repeat: REPEAT,
      inputs,
      initial: (session) => initialise(session, model),
      after: async (session) => {
        measured = await persistent(session);
      },
      onRun: (done, all) => runs.push(`${done}/${all}`),
    });
    const dispatches = plan.programs.find((one) => one.name === name)?.dispatches ?? [];
    expect(dispatches.length).toBeGreaterThan(1);
    expect(times.microseconds).toHaveLength(dispatches.length);
    for (const time of times.microseconds) {
      expect(time).toBeGreaterThanOrEqual(0);
      expect(time).toBeLessThan(Number.POSITIVE_INFINITY);
    }
    expect(times.clock).toBe(own.features.has('timestamp-query') ? clock : 'wall');
    expect(runs).toEqual(['1/4', '2/4', '3/4', '4/4']);

    const session = await openSession(plan, { device: own, host });
    initialise(session, model);
    await session.runner(name).run([inputs, ...Array<null>(REPEAT).fill(null)]);
    const expected = await persistent(session);
    session.close();
    expect(expected.get('step')).toEqual([REPEAT + 1]);
    expect(measured).toEqual(expected);
  });
});

test('buffers that change places do so between runs of the program', async () => {
  const turning = modelOf(
    'input x: f32[4]\nstate s: f32[100] = cast(iota(100), f32)\nupdate s = concat([s[1:100], s[0:1]], axis=0)\nloss = mean(x)',
  );
  const { deviceClass, device, host } = await testDevice();
  const profile = deviceProfile({ deviceClass, limits: device.limits });
  const programs = [{ kind: 'train', dims: {} }] as const;
  const { plan } = compile(turning, { device: profile, programs });
  expect(plan.programs[0]?.swaps).toHaveLength(1);
  const read: number[] = [];
  await measureDispatches(plan, 'train', {
    device,
    host,
    repeat: 2,
    inputs: syntheticInputs(turning, plan, 'train'),
    initial: (session) => initialise(session, turning),
    after: async (session) => {
      read.push(...((await session.read(['s'])).get('s') ?? []));
    },
  });
  expect(read).toEqual(Array.from({ length: 100 }, (_, i) => (i + 3) % 100));
});

test('a program that the plan does not have, and inputs that are missing, are said', async () => {
  const { device, host } = await testDevice();
  const plan = await compiled();
  const options = { device, host, repeat: 1 };
  await expect(measureDispatches(plan, 'predict@16', options)).rejects.toThrow(SessionError);
  await expect(measureDispatches(plan, 'train@16', options)).rejects.toThrow('`image`');
});
