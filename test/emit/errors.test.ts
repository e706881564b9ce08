/** What a module says, in plain words, to whoever uses it wrongly. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeSafetensors } from '../../data/index.ts';
import { type OpenedDevice, openDevice } from '../../host/node.ts';
import { type LoadedModule, loadModule, type Network, ship } from './shipped.ts';

const text = `
input x: f32[batch, 3]
input word: u8[batch]
output y = (x |> dense(2)) + embedding(4, 2)(word)
loss = mean(y ** 2)
train { optimizer: sgd(lr=0.1) }
`;

let opened: OpenedDevice;
let loaded: LoadedModule;
let several: LoadedModule;
let weights: Uint8Array<ArrayBuffer>;
let net: Network;
let two: Network;
beforeAll(async () => {
  opened = await openDevice();
  const [one, more] = [await ship(text, { train: true }), await ship(text, { rows: [1, 4] })];
  weights = one.weights;
  [loaded, several] = [await loadModule(one.text), await loadModule(more.text)];
  net = await loaded.open(opened.device, weights);
  two = await several.open(opened.device, weights);
});
afterAll(() => opened.close());

const messageOf = async (promise: Promise<unknown>): Promise<string> =>
  await promise.then(
    () => 'no error',
    (error: unknown) => String(error),
  );
const x = new Float32Array(12);
const word = new Uint8Array(4);

type Given = Parameters<Network['predict']>[0];
const given: readonly (readonly [string, unknown, string])[] = [
  ['nothing', undefined, 'the input `x` is missing: the inputs are { x, word }'],
  ['one too few', { x }, 'the input `word` is missing: the inputs are { x, word }'],
  ['a strange one', { x, word, z: x }, 'there is no input `z`: the inputs are { x, word }'],
  [
    'too short',
    { x: new Float32Array(3), word },
    '`x` is f32[4, 3]: 12 values are expected, there are 3',
  ],
  [
    'another type',
    { x: new Float64Array(12), word },
    '`x` is f32[4, 3]: a Float32Array is expected, not a Float64Array',
  ],
  ['a list', { x: [1], word }, '`x` (f32[4, 3]) must be a typed array, not Array'],
  ['a null', { x: null, word }, '`x` (f32[4, 3]) must be a typed array, not Null'],
  [
    'a class that is none',
    { x, word: Uint8Array.of(0, 1, 2, 4) },
    '`word` has the value 4: it chooses one of 4, 0 to 3',
  ],
];

describe('inputs', () => {
  test.each(given)('%s', async (_, inputs, message) => {
    expect(await messageOf(net.predict(inputs as Given))).toBe(`Error: ${message}`);
    expect(await messageOf(net.step(inputs as Given))).toBe(`Error: ${message}`);
  });

  test('a number of rows that nothing was compiled for', async () => {
    expect(await messageOf(two.predict({ x: new Float32Array(6), word: new Uint8Array(2) }))).toBe(
      'Error: this module takes 1, 4 rows at a time: `x` has 6 values, 3 make a row; `word` has 2 values, 1 make a row',
    );
  });

  test('inputs of different numbers of rows', async () => {
    expect(await messageOf(two.predict({ x, word: new Uint8Array(1) }))).toMatch(
      /takes 1, 4 rows at a time: `x` has 12 values/,
    );
  });
});

test('a name that no tensor has', async () => {
  expect(await messageOf(net.read('dense.w'))).toBe(
    'Error: there is no `dense.w`; there are dense.W, dense.b, embedding.table',
  );
});

test('a loss before the first step', async () => {
  expect(await messageOf(net.loss())).toBe('Error: there is no loss yet: no step has been run');
});

const f32 = (shape: readonly number[]) => ({
  dtype: 'f32' as const,
  shape,
  values: new Float32Array(shape.reduce((product, size) => product * size, 1)),
});

describe('weights', () => {
  const open = (file?: unknown) => messageOf(loaded.open(opened.device, file));
  test('none', async () => {
    expect(await open()).toMatch(/^Error: open needs the weights: the bytes of a safetensors file/);
    expect(await open('net.safetensors')).toMatch(/^Error: open needs the weights/);
  });
  test('missing ones, and ones of another shape', async () => {
    const file = encodeSafetensors(
      new Map([
        ['dense.W', f32([2, 3])],
        ['dense.b', f32([2])],
        ['more', f32([])],
      ]),
    );
    expect(await open(file)).toBe(
      'Error: these are not the weights of this network:\n' +
        '  `dense.W` is F32[2, 3] in 24 bytes; f32[3, 2] is expected, as F32\n' +
        '  `embedding.table` f32[4, 2] is missing',
    );
  });
  test('cut short anywhere', async () => {
    for (let length = 0; length < weights.length; length += 7)
      expect(await open(weights.subarray(0, length)), String(length)).toMatch(
        /^Error: the weights (?:are no safetensors file, or one that was cut short|were cut short)/,
      );
  });
  test('damaged in any byte: an error of ours, or values that are others', async () => {
    const length = Number(new DataView(weights.buffer).getBigUint64(0, true));
    for (let at = 0; at < 8 + length; at += 3) {
      const damaged = weights.slice();
      damaged[at] = (damaged[at] ?? 0) ^ 0x55;
      expect(await open(damaged), String(at)).toMatch(
        /^no error|^Error: (?:the weights|these are not)/,
      );
    }
  });
  test('a header that claims more than there is', async () => {
    const file = weights.slice();
    new DataView(file.buffer).setBigUint64(0, 2n ** 60n, true);
    expect(await open(file)).toMatch(/cut short/);
  });
  test('part of a larger buffer', async () => {
    const larger = new Uint8Array(weights.length + 3);
    larger.set(weights, 3);
    const other = await loaded.open(opened.device, larger.subarray(3));
    expect([...new Uint8Array((await other.read('dense.W')).buffer)]).toEqual([
      ...new Uint8Array((await net.read('dense.W')).buffer),
    ]);
    other.close();
  });
});

describe('devices', () => {
  test('a feature and a limit that were not asked for, a subgroup of another size', async () => {
    const { module, text: source } = await ship(text);
    const { writeModule } = await import('../../emit/module.ts');
    const needy = await writeModule({
      ...module,
      plan: {
        ...module.plan,
        requires: {
          features: ['texture-compression-astc'],
          limits: { maxBufferSize: 2 ** 50 },
          subgroupSize: 3,
        },
      },
    });
    expect(source).not.toContain('checkDevice');
    const { open, deviceDescriptor } = await loadModule(needy);
    expect(deviceDescriptor).toEqual({
      requiredFeatures: ['texture-compression-astc'],
      requiredLimits: { maxBufferSize: 2 ** 50 },
    });
    expect(await messageOf(open(opened.device, weights))).toMatch(
      /^Error: this device lacks what the module was compiled for: the feature `texture-compression-astc`; maxBufferSize = 1125899906842624; it has \d+\. Ask for it with/,
    );
    const sized = await writeModule({
      ...module,
      plan: { ...module.plan, requires: { features: [], limits: {}, subgroupSize: 3 } },
    });
    expect(await messageOf((await loadModule(sized)).open(opened.device, weights))).toMatch(
      /^Error: the module was compiled for subgroups of 3 lanes; those of this device have \d+ to \d+\./,
    );
  });

  test('a kernel that the device refuses leaves nothing behind', async () => {
    const { text: source } = await ship(text);
    const broken = await loadModule(source.replace('fn main(', 'fn main(broken broken'));
    expect(await messageOf(broken.open(opened.device, weights))).toMatch(
      /^Error: this device cannot run the module: /,
    );
  });

  test('a closed network', async () => {
    const other = await loaded.open(opened.device, weights);
    other.close();
    other.close();
    for (const call of [
      other.predict({ x, word }),
      other.step({ x, word }),
      other.save(),
      other.read('dense.W'),
    ])
      expect(await messageOf(call)).toBe('Error: the network is closed');
  });

  test('a lost device, in calls under way and in later ones', async () => {
    const lost = await openDevice();
    const other = await loaded.open(lost.device, weights);
    const underWay = messageOf(other.predict({ x, word }));
    lost.device.destroy();
    expect(await underWay).toMatch(/^no error|^Error: the GPU device was lost: /);
    expect(await messageOf(other.step({ x, word }))).toMatch(/^Error: the GPU device was lost: /);
    expect(await messageOf(other.save())).toMatch(/^Error: the GPU device was lost: /);
    expect(await messageOf(loaded.open(lost.device, weights))).toMatch(
      /^Error: the GPU device was lost: /,
    );
    lost.close();
  });
});

test('predictions that overlap each get their own', async () => {
  const inputs = [1, 2, 3, 4, 5].map((value) => ({ x: new Float32Array(12).fill(value), word }));
  const alone = [];
  for (const one of inputs) alone.push(Array.from((await net.predict(one))['y'] ?? []));
  const together = await Promise.all(inputs.map((one) => net.predict(one)));
  expect(together.map(({ y }) => Array.from(y ?? []))).toEqual(alone);
  expect(new Set(alone.map(String)).size).toBe(5);
});

test('the loss is that of the steps since it was asked last; without one, what was told then', async () => {
  const fresh = await loaded.open(opened.device, weights);
  const batch = { x: new Float32Array(12).fill(2), word };
  await fresh.step(batch);
  const first = await fresh.loss();
  expect(await fresh.loss()).toBe(first);
  await fresh.step(batch);
  const second = await fresh.loss();
  expect(second).toBeLessThan(first);
  const again = await loaded.open(opened.device, weights);
  await again.step(batch);
  await again.step(batch);
  expect(await again.loss()).toBeCloseTo((first + second) / 2, 6);
  again.close();
  fresh.close();
});

test('a saved network goes on as if it had never been away', async () => {
  const adam = await ship(text.replace('sgd(lr=0.1)', 'adam(lr=0.1)'), { train: true });
  const { open } = await loadModule(adam.text);
  const batch = (n: number) => ({ x: new Float32Array(12).fill(n), word });
  const straight = await open(opened.device, adam.weights);
  const before = await open(opened.device, adam.weights);
  for (const n of [1, 2, 3, 4]) await straight.step(batch(n));
  for (const n of [1, 2]) await before.step(batch(n));
  const after = await open(opened.device, await before.save());
  for (const n of [3, 4]) await after.step(batch(n));
  expect(Buffer.from(await after.save()).equals(Buffer.from(await straight.save()))).toBe(true);
  for (const one of [straight, before, after]) one.close();
});
