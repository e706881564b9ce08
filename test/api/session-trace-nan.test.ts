/** Numbers that are not finite, in a session: noticed, and with `traceNan` traced to a line, in memory and from a stream. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dataset } from '../../api/data/index.ts';
import { useHost } from '../../api/host.ts';
import { nodeHost } from '../../api/node-host.ts';
import { openModel } from '../../api/session/index.ts';
import { closeTestDevice, testDevice } from '../support/run-graph.ts';
import { tinyRows } from '../support/tiny.ts';
import { openTiny, parts, weightsOf } from './tiny.ts';

beforeAll(() => useHost(nodeHost));
afterAll(closeTestDevice);

const { model, origin } = parts(`
input a: f32[n]
param s: f32 = 1
loss = mean(log(a) * s)
train { optimizer: sgd(lr=0.1), batch: 4, shuffle: false }
`);
/** The 0 is in the third batch. */
const rows = Array.from({ length: 12 }, (_, row) => ({ a: row === 10 ? 0 : 1 + row }));

test.each([
  ['rows in memory', () => rows],
  ['a stream of rows', () => dataset(rows)],
  ['a stream of batches', () => dataset([0, 4, 8].map((at) => rows.slice(at, at + 4)))],
] as const)('%s: the step, the operation, its line and what it was given', async (_, data) => {
  const session = await openModel(model, { device: (await testDevice()).device }, origin);
  const plain = session.fit(data() as never, { epochs: 1 });
  await expect(plain).rejects.toThrow(/`loss` is no longer a finite number at step 3/);
  await expect(plain).rejects.toThrow('`fit(data, { traceNan: true })` names the line');
  session.close();

  const traced = await openModel(model, { device: (await testDevice()).device }, origin);
  await expect(traced.fit(data() as never, { epochs: 1, traceNan: true })).rejects.toThrow(
    /^error\[NN0506\]: `loss`, `s` are no longer finite at step 3, in epoch 1\n {2}it begins in `log` f32\[4\]\n {4}from tiny\.nn:4: loss = mean\(log\(a\) \* s\)\n {4}\[2\] is -∞: log\(0\)\n/,
  );
  traced.close();
});

test('a run in which all is finite is the same run', async () => {
  const weights = async (traceNan: boolean) => {
    const session = await openTiny({ device: (await testDevice()).device });
    await session.fit(dataset(tinyRows(29)), { epochs: 2, traceNan });
    const found = await weightsOf(session);
    session.close();
    return found;
  };
  expect(await weights(true)).toEqual(await weights(false));
});
