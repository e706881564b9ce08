/** Data and weights of 8 and 16 bits through a session: fed, kept while the rest is trained, read, saved and put back. */
import { expect, test } from 'vitest';
import { halfBits } from '../../compiler/graph/narrow-floats.ts';
import { createDataset, decodeSafetensors } from '../../data/index.ts';
import { createFeed, initialise, predict, readWeights, writeWeights } from '../../train/index.ts';
import { withTestSession } from '../support/test-session.ts';
import { tinyModel } from './tiny-model.ts';

const model = tinyModel(`
input x: bf16[batch, 3]
param W: bf16[3, 2] = 1
param q: i8[2] = [-3, 4]
state seen: u8[3] = [1, 2, 255]
output y = x @ W + cast(q, f32) + cast(sum(seen), f32)
output z = x
`);
const feed = createFeed(
  model.inputs,
  createDataset('rows', [
    {
      name: 'x',
      dtype: 'f32',
      rowShape: [3],
      kind: 'float',
      // 1.00390625 lies between two, 0.1 is rounded.
      values: Float32Array.of(1, 2, 3, 0.5, 1.00390625, 0.1, 0, 0, 0, -1, -2, -4, 7, 8, 9),
    },
  ]),
  {},
);
const task = { kind: 'predict', feed, batch: 5 } as const;
const sum = 1 + 2 + 255;

/** A file with `W` in bf16 (1.5, -2, 0.25, 3, 1, 1), `q` in i32 and `seen` in u8. */
function file(seen: number): Uint8Array<ArrayBuffer> {
  const words = Uint16Array.of(0x3fc0, 0xc000, 0x3e80, 0x4040, 0x3f80, 0x3f80);
  const header = new TextEncoder().encode(
    JSON.stringify({
      q: { dtype: 'I32', shape: [2], data_offsets: [0, 8] },
      W: { dtype: 'BF16', shape: [3, 2], data_offsets: [8, 20] },
      seen: { dtype: 'U8', shape: [seen], data_offsets: [20, 20 + seen] },
    }),
  );
  const length = new DataView(new ArrayBuffer(8));
  length.setBigUint64(0, BigInt(header.length), true);
  return Uint8Array.from([
    ...new Uint8Array(length.buffer),
    ...header,
    ...new Uint8Array(Int32Array.of(5, -6).buffer),
    ...new Uint8Array(words.buffer),
    ...Array.from({ length: seen }, (_, i) => i),
  ]);
}

test('fed, read and put back', async () => {
  await withTestSession(model, [task], async (session) => {
    const outputs = async (name: string): Promise<readonly number[]> => {
      for await (const { outputs } of predict(session, model, feed, 5))
        return [...(outputs.find((one) => one.name === name)?.values ?? [])];
      return [];
    };
    initialise(session, model);
    expect((await outputs('z')).slice(0, 6)).toEqual([1, 2, 3, 0.5, 1, 0.10009765625]);
    expect((await outputs('y')).slice(0, 2)).toEqual([6 - 3 + sum, 6 + 4 + sum]);
    const initial = await readWeights(session, model);
    expect([...initial].map(([name, { dtype, values }]) => [name, dtype, [...values]])).toEqual([
      ['W', 'f32', [1, 1, 1, 1, 1, 1]],
      ['q', 'i32', [-3, 4]],
      ['seen', 'i32', [1, 2, 255]],
    ]);

    writeWeights(session, model, decodeSafetensors(file(3), 'f').tensors, 'f');
    // x = (1, 2, 3): 1.5 + 0.5 + 3 and -2 + 6 + 3; the states are 0, 1, 2 now.
    expect((await outputs('y')).slice(0, 2)).toEqual([5 + 5 + 3, 7 - 6 + 3]);
    writeWeights(session, model, initial, 'f');
    expect((await outputs('y')).slice(0, 2)).toEqual([6 - 3 + sum, 6 + 4 + sum]);
  });
});

test('weights that the type cannot hold are refused before anything is written', async () => {
  await withTestSession(model, [task], async (session) => {
    const write = (name: string, values: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>) => {
      const { tensors } = decodeSafetensors(file(3), 'f');
      const dtype = values instanceof Float32Array ? 'f32' : 'i32';
      const other = new Map(tensors).set(name, { dtype, shape: [values.length], values });
      return () => writeWeights(session, model, other, 'f');
    };
    expect(write('seen', Int32Array.of(0, 256, 3))).toThrow('`seen` has 256, which u8 cannot hold');
    expect(write('q', Int32Array.of(-129, 0))).toThrow('`q` has -129, which i8 cannot hold');
    expect(write('q', Float32Array.of(1, 2))).toThrow('`q` is f32[2]; the model has i8[2]');
    expect(write('seen', Int32Array.of(1, 2))).toThrow('`seen` is i32[2]; the model has u8[3]');
  });
});

test('a column of floats feeds f16 as its bits', () => {
  const half = tinyModel('input x: f16[batch]\noutput y = cast(x, f32)\n');
  const values = Float32Array.of(0.5, -2, 1 / 3);
  const { columns } = createFeed(
    half.inputs,
    createDataset('rows', [{ name: 'x', dtype: 'f32', rowShape: [], kind: 'float', values }]),
    {},
  );
  expect([...(columns[0]?.values ?? [])]).toEqual([...values].map(halfBits));
});
