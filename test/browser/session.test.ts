/** The API in a page: opened, trained, measured, saved and loaded, with nothing of Node. */
import { expect, test } from 'vitest';
import { csvLog, earlyStopping } from '../../api/callbacks/index.ts';
import { dataset } from '../../api/data/index.ts';
import { openTiny, weightsOf } from '../api/tiny.ts';
import { tinyData, tinyRows } from '../support/tiny.ts';

test('a session trains, predicts and keeps its weights as bytes', async () => {
  const data = tinyData(29);
  const session = await openTiny();
  const seen: number[] = [];
  const history = await session.fit(data, {
    epochs: 6,
    validation: data,
    callbacks: [earlyStopping({ patience: 3 }), { onEpoch: ({ epoch }) => void seen.push(epoch) }],
  });
  expect(history).toMatchObject({ outcome: 'complete', steps: 24 });
  expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
  const [first, last] = [history.epochs[0], history.epochs.at(-1)];
  expect(last?.train.loss ?? 1).toBeLessThan(first?.train.loss ?? 0);
  expect((await session.evaluate(data)).accuracy).toBe(last?.validation?.accuracy);
  expect((await session.predict({ x: data.x })).probs.shape).toEqual([29, 3]);
  await session.step(tinyRows(8));
  expect(await session.loss()).toBeGreaterThan(0);
  await session.setLearningRate(0.001);
  await session.fit(dataset(tinyRows(16)).shuffle(1).batch(8).prefetch(2), { epochs: 1 });
  expect(session.learningRate).toBe(Math.fround(0.001));

  const other = await openTiny();
  await other.load(await session.save());
  expect(await weightsOf(other)).toEqual(await weightsOf(session));
  await expect(session.save('weights.safetensors')).rejects.toThrow('there are none in a page');
  await expect(session.fit(data, { callbacks: [csvLog('log.csv')] })).rejects.toThrow(
    'there are none in a page',
  );
  session.close();
  other.close();
});

test('a device of the page’s own stays open', async () => {
  const adapter = await navigator.gpu.requestAdapter();
  if (adapter === null) throw new Error('this browser offers no WebGPU adapter');
  const device = await adapter.requestDevice();
  const session = await openTiny({ device });
  await session.fit(tinyData(8), { epochs: 1 });
  session.close();
  const again = await openTiny({ device });
  expect((await again.fit(tinyData(8), { epochs: 1 })).outcome).toBe('complete');
  again.close();
  device.destroy();
});
