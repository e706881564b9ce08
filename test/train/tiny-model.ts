/** A small classifier from text and two dozen rows for it: what the trainer's tests run on a device. */

import type { Model } from '../../compiler/model.ts';
import { type DeviceProfile, deviceProfile } from '../../compiler/schedule/device.ts';
import { createDataset, type Dataset } from '../../data/index.ts';
import { openSession, type Session } from '../../runtime/index.ts';
import { createFeed, type Feed, neededInputs, prepare, type Workload } from '../../train/index.ts';
import { modelOf } from '../support/model.ts';
import { testDevice } from '../support/run-graph.ts';

const tinyText = `
input x: f32[batch, 5]
input label: u8[batch]
let logits = x |> dense(8) |> tanh |> dense(3)
output probs = softmax(logits)
output digit = argmax(logits, axis=-1)
output rows = sum(probs)
loss = softmax_crossentropy(logits, label)
metric accuracy = accuracy(logits, label)
train { optimizer: adam(lr=0.02)  batch: 8  epochs: 2  seed: 3 }
`;

export const tinyModel = (text: string = tinyText): Model => modelOf(text, 'tiny.nn');

/** Three classes around three points; every value is exact in f32. */
export function tinyRows(rows: number): Dataset {
  const x = Float32Array.from({ length: rows * 5 }, (_, i) => {
    const row = Math.floor(i / 5);
    const noise = (((i * 7919) % 64) - 32) / 64;
    return ((row % 3) - 1) * ((i % 5) - 2) + noise;
  });
  const label = Uint8Array.from({ length: rows }, (_, row) => row % 3);
  return createDataset('tiny', [
    { name: 'x', dtype: 'f32', rowShape: [5], kind: 'float', values: x },
    { name: 'label', dtype: 'u8', rowShape: [], kind: 'integer', values: label },
  ]);
}

export const tinyFeed = (
  model: Model,
  rows: number,
  kind: 'train' | 'eval' | 'predict' = 'train',
): Feed => createFeed(neededInputs(model, kind), tinyRows(rows), {});

async function testProfile(): Promise<DeviceProfile> {
  const { deviceClass, subgroupSize, device } = await testDevice();
  const traits = subgroupSize === undefined ? { deviceClass } : { deviceClass, subgroupSize };
  return deviceProfile({ ...traits, limits: device.limits });
}

/** Runs `body` with a session for the workloads, few slots unless told, so that a run of many steps takes several submits. */
export async function withTestSession<T>(
  model: Model,
  workloads: readonly Workload[],
  body: (session: Session) => Promise<T>,
  slots = 3,
): Promise<T> {
  const { plan } = await prepare(model, workloads, { device: await testProfile() });
  const { device, host } = await testDevice();
  const session = await openSession(plan, { device, host, slots });
  try {
    return await body(session);
  } finally {
    await session.settle();
    session.close();
  }
}
