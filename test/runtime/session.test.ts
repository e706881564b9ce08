/** A session on a real device: steps, batches, metrics, reading and writing, and wrong use. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type OpenedDevice, openDevice } from '../../host/node.ts';
import { openSession, type Plan, type Session, SessionError } from '../../runtime/index.ts';
import { runSmallPlan } from '../fixtures/run-small-plan.ts';
import { batchAt, smallPlan, trained } from '../fixtures/small-plan.ts';

let opened: OpenedDevice;
beforeAll(async () => {
  opened = await openDevice();
});
afterAll(() => opened.close());

/** Opens a session for one test and closes it whatever happens. */
async function withSession(
  use: (session: Session) => Promise<void>,
  slots = 4,
  plan: Plan = smallPlan,
): Promise<void> {
  const session = await openSession(plan, { device: opened.device, host: opened.host, slots });
  try {
    await use(session);
  } finally {
    session.close();
  }
}

const numbers = async (session: Session, name: string): Promise<number[]> => [
  ...((await session.read([name])).get(name) ?? []),
];

test('the small plan gives the numbers computed in JavaScript, portable device too', async () => {
  await runSmallPlan(opened.device, opened.host);
  const portable = await openDevice({ portable: true });
  await runSmallPlan(portable.device, portable.host);
  portable.close();
});

test('10,000 steps create nothing after the start and lose no batch', async () => {
  const createBuffer = vi.spyOn(opened.device, 'createBuffer');
  const createBindGroup = vi.spyOn(opened.device, 'createBindGroup');
  const total = 10_000;
  const batches = Array.from({ length: total }, (_, step) => batchAt(step));
  await withSession(async (session) => {
    const before = session.counts();
    expect(createBuffer).toHaveBeenCalledTimes(before.buffers);
    expect(createBindGroup).toHaveBeenCalledTimes(before.bindGroups);
    const train = session.runner('train');
    const tags: number[] = [];
    for (let at = 0; at < total; ) {
      const next = batches.slice(at, at + train.steps);
      await train.run(next);
      at += next.length;
      session.metrics.request(at);
      const report = session.metrics.take();
      if (report === undefined) continue;
      tags.push(report.tag);
      expect(report.values.get('loss')).toBe(trained(batches.slice(0, report.tag)).loss);
    }
    await session.settle();
    const expected = trained(batches);
    expect(await numbers(session, 'step')).toEqual([total]);
    expect(await numbers(session, 'w')).toEqual(expected.w);
    expect(await numbers(session, 'loss')).toEqual([expected.loss]);
    expect(tags.length).toBeGreaterThan(5);
    expect(tags).toEqual([...tags].sort((a, b) => a - b));
    expect(createBuffer).toHaveBeenCalledTimes(before.buffers);
    expect(createBindGroup).toHaveBeenCalledTimes(before.bindGroups);
    expect(session.counts()).toEqual(before);
  }, 32);
  createBuffer.mockRestore();
  createBindGroup.mockRestore();
});

test('null runs on the batch before it, within a run and across runs', async () => {
  await withSession(async (session) => {
    const train = session.runner('train');
    const [a, b, c] = [batchAt(1), batchAt(2), batchAt(3)];
    await train.run([a]);
    await train.run([null, null, null, null]);
    await train.run([null, b, c, null]);
    await train.run([null]);
    const expected = trained([a, a, a, a, a, a, b, c, c, c]);
    expect(await numbers(session, 'w')).toEqual(expected.w);
    expect(await numbers(session, 'last')).toEqual(expected.last);
  });
});

test('null is refused before the first batch and after another program took the slot', async () => {
  await withSession(async (session) => {
    const train = session.runner('train');
    await expect(train.run([null])).rejects.toThrow('train: the first step needs a batch');
    await train.run([batchAt(0)]);
    // Shares the input buffers with `train`.
    await session.runner('train and copy').run([batchAt(1)]);
    await expect(train.run([null])).rejects.toThrow(
      'another program has overwritten the last batch',
    );
  }, 1);
});

test('data are taken when run is called: the caller may reuse its arrays', async () => {
  await withSession(async (session) => {
    const batch = batchAt(5);
    const running = session.runner('train').run([batch]);
    batch.x.fill(99);
    await running;
    expect(await numbers(session, 'last')).toEqual(trained([batchAt(5)]).last);
  });
});

test('copies of a program happen after each of its steps', async () => {
  await withSession(async (session) => {
    const batches = [batchAt(1), batchAt(2), batchAt(3)];
    await session.runner('train and copy').run(batches);
    expect(await numbers(session, 'snapshot')).toEqual(trained(batches).w);
  });
});

test('metrics are reset behind what was submitted, and older reports are dropped', async () => {
  await withSession(async (session) => {
    const train = session.runner('train');
    await train.run([batchAt(1)]);
    expect(session.metrics.request(1)).toBe(true);
    session.metrics.reset();
    await session.settle();
    expect(session.metrics.take()).toBeUndefined();
    expect((await session.metrics.read()).get('loss')).toBe(0);
    await train.run([batchAt(2)]);
    expect((await session.metrics.read()).get('loss')).toBe(trained([batchAt(2)]).loss);
    expect(session.metrics.names).toEqual(['loss']);
  });
});

test('a report is left out while all staging buffers are on their way', async () => {
  await withSession(async (session) => {
    await session.runner('train').run([batchAt(1)]);
    expect([1, 2, 3, 4, 5].map((tag) => session.metrics.request(tag))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
    await session.settle();
    await vi.waitFor(() => expect(session.metrics.take()?.tag).toBe(3));
    expect(session.metrics.request(6)).toBe(true);
  });
});

test('parameters and states can be written, as arrays or plain numbers', async () => {
  await withSession(async (session) => {
    session.write('w', [1, 2, 3, 4, 0.5]);
    session.write('last', Float32Array.of(5, 6, 7, 8, 9));
    session.write('step', [3]);
    const read = await session.read(['w', 'last', 'step']);
    expect([...read.keys()]).toEqual(['w', 'last', 'step']);
    expect([...(read.get('w') ?? [])]).toEqual([1, 2, 3, 4, 0.5]);
    expect([...(read.get('last') ?? [])]).toEqual([5, 6, 7, 8, 9]);
    await session.runner('train').run([batchAt(4)]);
    expect(await numbers(session, 'step')).toEqual([4]);
  });
});

describe('wrong use is refused with a sentence', () => {
  const cases: readonly [string, (session: Session) => unknown, string][] = [
    ['unknown program', (s) => s.runner('trian'), 'no program `trian` in small; it has `train`, '],
    ['unknown tensor', (s) => s.read(['v']), 'no tensor `v` in small'],
    ['ambiguous tensor', (s) => s.read(['x']), '`x` is the name of several tensors'],
    [
      'input read',
      (s) => s.read(['x'], { program: 'predict' }),
      '`x` is an input: it cannot be read',
    ],
    ['input written', (s) => s.write('x', [], { program: 'predict' }), '`x` is an input'],
    [
      'wrong size',
      (s) => s.write('w', [1, 2]),
      '`w` is f32[5]: expected Float32Array of 5 elements, found Float32Array of 2',
    ],
    [
      'wrong type in a batch',
      (s) => s.runner('predict').run([{ x: new Float32Array(5) }]),
      'predict: `x` is u8[5]: expected Uint8Array of 5 elements, found Float32Array of 5',
    ],
    [
      'missing input',
      (s) => s.runner('train').run([{ x: new Uint8Array(5) }]),
      'the batch has no `scale`',
    ],
    [
      'too many batches',
      (s) => s.runner('train').run([0, 1, 2, 3, 4].map(batchAt)),
      '5 batches in one run; this session has 4 slots',
    ],
  ];
  test.each(cases)('%s', async (_, use, message) => {
    await withSession(async (session) => {
      const outcome = (async () => await use(session))();
      await expect(outcome).rejects.toThrow(SessionError);
      await expect(outcome).rejects.toThrow(message);
    });
  });

  test('a refused batch uploads nothing', async () => {
    await withSession(async (session) => {
      const train = session.runner('train');
      await train.run([batchAt(1)]);
      const bad = { x: new Uint8Array(4), scale: new Float32Array(1) };
      await expect(train.run([batchAt(2), bad])).rejects.toThrow(SessionError);
      await train.run([null]);
      expect(await numbers(session, 'last')).toEqual(trained([batchAt(1)]).last);
      expect(await numbers(session, 'step')).toEqual([2]);
    });
  });
});

test('tensors larger than the staging buffer come back whole', async () => {
  const elements = 5 * 2 ** 20 + 3;
  const bytes = Math.ceil((elements * 4) / 16) * 16;
  const plan: Plan = {
    ...smallPlan,
    buffers: [{ id: 0, bytes, class: 'state', label: 'large' }],
    tensors: [
      { name: 'large', role: 'param', dtype: 'u32', shape: [elements], buffer: 0, offset: 0 },
    ],
    kernels: [],
    programs: [],
  };
  await withSession(
    async (session) => {
      const data = Uint32Array.from({ length: elements }, (_, i) => i * 2654435761);
      session.write('large', data);
      const reads = await Promise.all([session.read(['large']), session.read(['large'])]);
      for (const read of reads) {
        const back = read.get('large')?.buffer ?? new ArrayBuffer(0);
        expect(Buffer.compare(Buffer.from(data.buffer), Buffer.from(back))).toBe(0);
      }
      // A sixteenth of what there is to read.
      expect(session.counts().bytes.staging).toBe(Math.ceil(elements / 16) * 4);
    },
    1,
    plan,
  );
});

test('kernels with the same text share a pipeline, and equal bindings a bind group', async () => {
  const [first] = smallPlan.kernels;
  if (first === undefined) throw new Error('the fixture has kernels');
  const predict = smallPlan.programs.filter((program) => program.name === 'predict');
  const plan: Plan = {
    ...smallPlan,
    kernels: [...smallPlan.kernels, { ...first, id: 99, name: 'k99_double_again' }],
    programs: predict.map((program) => ({
      ...program,
      dispatches: [
        ...program.dispatches,
        ...program.dispatches.slice(0, 1).map((dispatch) => ({ ...dispatch, kernel: 99 })),
      ],
    })),
    tensors: smallPlan.tensors.filter((one) => (one.program ?? 'predict') === 'predict'),
  };
  await withSession(
    async (session) => {
      const counts = session.counts();
      expect(counts.pipelines).toBe(3);
      // Four slots of the first kernel, shared with its double, and one of the second.
      expect(counts.bindGroups).toBe(5);
      expect(counts.dispatches).toEqual({ predict: 3 });
    },
    4,
    plan,
  );
});
