/** What a session tells of the cost of its steps, of its pipelines, and repeats beyond its slots. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OpenedDevice, openDevice } from '../../host/node.ts';
import { openSession, type Session, type SessionOptions, totalOf } from '../../runtime/index.ts';
import { batchAt, smallPlan, trained } from '../fixtures/small-plan.ts';

let opened: OpenedDevice;
beforeAll(async () => {
  opened = await openDevice();
});
afterAll(() => opened.close());

async function withSession(
  more: Partial<SessionOptions>,
  use: (session: Session) => Promise<void>,
): Promise<void> {
  const { device, host } = opened;
  const session = await openSession(smallPlan, { device, host, slots: 4, ...more });
  try {
    await use(session);
  } finally {
    session.close();
  }
}

test('steps, submits, uploads and their bytes are counted for each program', async () => {
  await withSession({}, async (session) => {
    const train = session.runner('train');
    await train.run([batchAt(0), batchAt(1), null]);
    await train.run([null]);
    await session.settle();
    const own = train.statistics();
    // x is u8[1, 5] and scale a float.
    expect(own).toMatchObject({ steps: 4, submits: 2, uploads: 2, uploadedBytes: 2 * (5 + 4) });
    expect(own.mostInFlight).toBeGreaterThanOrEqual(1);
    expect(own.mostInFlight).toBeLessThanOrEqual(3);
    for (const ms of [own.deviceMs, own.encodeMs, own.uploadMs]) expect(ms).toBeGreaterThan(0);
    const other = session.runner('train and copy').statistics();
    expect(other).toMatchObject({ steps: 0, submits: 0, deviceMs: 0 });
    expect(totalOf([own, own])).toMatchObject({ steps: 8, deviceMs: 2 * own.deviceMs });
  });
});

test.each(['train', 'train and copy'])(
  "%s is timed by the device's clock, where it has one",
  async (name) => {
    const has = opened.device.features.has('timestamp-query');
    await withSession({ timestamps: true }, async (session) => {
      const train = session.runner(name);
      for (let submit = 0; submit < 12; submit++) await train.run([batchAt(submit), null, null]);
      await session.settle();
      await expect.poll(() => train.statistics().deviceMs).toBeGreaterThan(0);
      expect(train.statistics().deviceClock).toBe(has ? 'timestamps' : 'wall');
    });
  },
);

test('a batch is repeated more often than there are slots', async () => {
  await withSession({}, async (session) => {
    const steps = 40;
    await session.runner('train').run([batchAt(3), ...Array<null>(steps - 1).fill(null)]);
    const expected = trained(Array.from({ length: steps }, () => batchAt(3)));
    expect((await session.metrics.read()).get('loss')).toBe(expected.loss);
  });
});

test('tells of each pipeline that is ready', async () => {
  const told: string[] = [];
  await withSession(
    { onPipeline: (ready, all) => told.push(`${ready}/${all}`) },
    async (session) => {
      const { pipelines } = session.counts();
      expect(told).toEqual(Array.from({ length: pipelines }, (_, i) => `${i + 1}/${pipelines}`));
    },
  );
});
