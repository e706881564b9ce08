/** Mistakes in calls of a session, which a program without types can make: each is a message, and none is silent. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bestWeights, checkpoint, earlyStopping } from '../../api/callbacks/index.ts';
import { dataset } from '../../api/data/index.ts';
import { useHost } from '../../api/host.ts';
import { nodeHost } from '../../api/node-host.ts';
import { pageHost } from '../../api/page-host.ts';
import type { ModelSession } from '../../api/session/index.ts';
import { tensor } from '../../api/tensor-data.ts';
import { UsageError } from '../../api/usage-error.ts';
import { closeTestDevice, testDevice } from '../support/run-graph.ts';
import { tinyData } from '../support/tiny.ts';
import { openTiny, type TinyShape } from './tiny.ts';

const data = tinyData(8);
let session: ModelSession<TinyShape>;

beforeAll(async () => {
  useHost(nodeHost);
  session = await openTiny({ device: (await testDevice()).device });
});
afterAll(async () => {
  session.close();
  useHost(pageHost);
  await closeTestDevice();
});

test('an option that is none is refused, with the one that was meant', async () => {
  const misspelt: readonly (readonly [() => Promise<unknown>, string])[] = [
    [() => session.fit(data, { epoch: 3 } as object), 'did you mean `epochs`?'],
    [() => session.evaluate(data, { bach: 3 } as object), 'did you mean `batch`?'],
    [() => session.predict(data, { bach: 3 } as object), 'did you mean `batch`?'],
    [() => openTiny({ bach: 3 } as object), 'did you mean `batch`?'],
    [
      () => session.fit(data.x as never, data.label as object),
      'the options of `fit` are a value of type Uint8Array',
    ],
  ];
  for (const [call, said] of misspelt) {
    await expect(call()).rejects.toThrow(UsageError);
    await expect(call()).rejects.toThrow(said);
  }
  expect(session.steps).toBe(0);
});

test('so are those of callbacks', () => {
  const keras = { restoreBestWeights: true } as object;
  expect(() => earlyStopping(keras)).toThrow('`earlyStopping` has no option `restoreBestWeights`');
  expect(() => bestWeights({ paht: 'a' } as object)).toThrow('did you mean `path`?');
  expect(() => checkpoint('a', { epochs: 2 } as object)).toThrow('its options are every');
});

test('a run that could not wait for any epoch is refused', () => {
  for (const patience of [0, -1, 0.5])
    expect(() => earlyStopping({ patience })).toThrow(`\`patience\` is ${patience}`);
});

test('callbacks that a run would never call', async () => {
  const given: readonly (readonly [unknown, string])[] = [
    [earlyStopping(), 'give a list: `callbacks: [earlyStopping()]`'],
    [[{ onEpochEnd() {} }], 'callback 0 has nothing that a run calls: it has onEpochEnd'],
    [[{ onepoch() {} }], 'did you mean `onEpoch`?'],
    [[earlyStopping], 'callback 0 is a function'],
  ];
  for (const [callbacks, said] of given)
    await expect(session.fit(data, { callbacks: callbacks as [] })).rejects.toThrow(said);
  class Ends {
    ended = 0;
    onEnd(): void {
      this.ended += 1;
    }
  }
  const ends = new Ends();
  await session.fit(data, { epochs: 1, callbacks: [ends] });
  expect(ends.ended).toBe(1);
});

test('text in place of a number is called text', async () => {
  await expect(session.fit(data, { epochs: '3' as never })).rejects.toThrow(
    '`epochs` is the text "3"',
  );
});

test('a parameter in another shape is asked for in its own', async () => {
  await expect(
    session.parameters.write('dense.W', { shape: [8, 5], data: new Float32Array(40) }),
  ).rejects.toThrow('give them in the shape [5, 8]');
});

test('what weights are loaded from', async () => {
  for (const [given, said] of [
    [undefined, 'not from undefined'],
    [new ArrayBuffer(8), 'not from a value of type ArrayBuffer'],
  ])
    await expect(session.load(given as never)).rejects.toThrow(said as string);
});

test('a session that is closed while it is at work says that it was', async () => {
  const closings: readonly ((one: ModelSession<TinyShape>) => Promise<unknown>)[] = [
    (one) => one.fit(data, { epochs: 500, callbacks: [{ onEpoch: () => one.close() }] }),
    (one) => one.fit(data, { epochs: 500, callbacks: [{ onProgress: () => one.close() }] }),
    async (one) => {
      const running = one.fit(data, { epochs: 500 });
      setTimeout(() => one.close(), 50);
      return await running;
    },
  ];
  for (const closing of closings) {
    const found = closing(await openTiny());
    await expect(found).rejects.toThrow(
      /^this session was closed while it was at work\nhelp: await/,
    );
  }
});

test('many sessions may be open on a device', async () => {
  const warned: string[] = [];
  const listen = (warning: Error): void => void warned.push(warning.message);
  process.on('warning', listen);
  const opened = [];
  for (let i = 0; i < 12; i++) opened.push(await openTiny({ device: session.device }));
  await new Promise((resolve) => setTimeout(resolve, 10));
  for (const one of opened) one.close();
  process.off('warning', listen);
  expect(warned).toEqual([]);
});

test('data of a kind that has no names, or no rows', async () => {
  const given: readonly (readonly [unknown, string])[] = [
    [
      tensor([[1, 2, 3, 4, 5]]),
      'data to predict is one tensor, and inputs have names\nhelp: give it by its name: `{ x: … }`',
    ],
    [{ shape: [1, 5], data: new Float32Array(5) }, 'is one tensor'],
    [dataset([1]).map(() => undefined), 'row 0 of data to predict is undefined'],
  ];
  for (const [one, said] of given)
    await expect(session.predict(one as never)).rejects.toThrow(said);
});

test('a learning rate as text is called text', async () => {
  await expect(session.setLearningRate('0.1' as never)).rejects.toThrow('the text "0.1"');
});
