/**
 * All golden clippings as layers of the prelude, against PyTorch: the loss is linear, so that the golden
 * gradients are its own, and one step of sgd from zero gives what is left of them.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { portable } from '../../compiler/schedule/device.ts';
import { trainOnDevice } from '../support/device-training.ts';
import { initialState, interpretedTrainer, modelOf } from '../support/model.ts';
import { closeTestDevice, profileOf, testDevice } from '../support/run-graph.ts';
import { closeTo } from './close-to.ts';
import { goldenFolder } from './load.ts';
import { optimizerTensor as tensor } from './optimizers.ts';

afterAll(closeTestDevice);

interface ClipCase {
  readonly id: string;
  readonly kind: 'norm' | 'value';
  readonly limit: number;
  readonly norm_type: number | 'inf' | null;
  readonly rtol: number;
  readonly atol: number;
}
const { clip } = JSON.parse(readFileSync(join(goldenFolder, 'optim.json'), 'utf8')) as {
  clip: { cases: ClipCase[] };
};

const params = ['a', 'b', 'c'] as const;
const modelWith = (clipping: string) => {
  const shape = (name: string): string => `f32[${tensor(`clip/grad/${name}`).shape.join(', ')}]`;
  return modelOf(
    [
      ...params.map((p) => `input g${p}: ${shape(p)}\nparam ${p}: ${shape(p)} = 0`),
      'loss = sum(a * ga) + sum(b * gb) + sum(c * gc)',
      `train { optimizer: sgd(lr=1.0) clip: ${clipping} }`,
    ].join('\n'),
  );
};
const grads = new Map(params.map((p) => [`g${p}`, tensor(`clip/grad/${p}`)] as const));
const batch = Object.fromEntries(
  [...grads].map(([name, { data }]) => [name, Float32Array.from(data)] as const),
);

const spellings: Readonly<Record<string, string>> = {
  'clip.norm2': '1.0',
  'clip.norm2_loose': 'by_norm(100)',
  'clip.norm_inf': 'by_max(2)',
  'clip.norm1': 'by_norm(5, order=1)',
  'clip.value': 'by_value(0.5)',
};

test('there are five cases, each with a spelling', () => {
  expect(clip.cases.map((c) => c.id).sort()).toEqual(Object.keys(spellings).sort());
});

describe.each(clip.cases)('$id', ({ id, rtol, atol }) => {
  const model = modelWith(spellings[id] ?? '');
  const left = (p: string): number[] =>
    Array.from(tensor(`clip/${id.replace('clip.', '')}/${p}`).data, (x) => -x);

  test('interpreter', () => {
    const state = initialState(model);
    interpretedTrainer(model, {}, state)(grads);
    // The golden results are f32.
    for (const p of params) closeTo(state.get(p)?.data ?? [], left(p), 1e-6, 1e-7, p);
  });
  test('device', async () => {
    for (const profile of [profileOf(await testDevice()), portable]) {
      const run = await trainOnDevice(model, {}, profile, initialState(model), 1, () => batch, [1]);
      for (const p of params)
        closeTo(run.snapshots.get(1)?.get(p)?.data ?? [], left(p), rtol, atol, p);
    }
  });
});

test('`by_own_norm` shortens each gradient by itself', () => {
  const model = modelWith('by_own_norm(2)');
  const state = initialState(model);
  interpretedTrainer(model, {}, state)(grads);
  for (const p of params) {
    const g = tensor(`clip/grad/${p}`).data;
    const norm = Math.hypot(...g);
    const scale = Math.min(1, 2 / (norm + 1e-6));
    closeTo(
      state.get(p)?.data ?? [],
      Array.from(g, (x) => -x * scale),
      1e-12,
      1e-12,
      p,
    );
  }
});

test('a clipper of one’s own, with a state for each parameter', () => {
  const model = modelOf(`
    layer by_first(factor)(g, all: list) {
      state first = zeros_like(g)
      let limit = where(step < 1, abs(g), first)
      update first = limit
      return clip(g, -factor * limit, factor * limit)
    }
    input slope: f32
    param w: f32 = 0
    loss = slope * w
    train { optimizer: sgd(lr=1.0) clip: by_first(2) }
  `);
  expect(model.optimization?.slots.map((s) => s.path)).toEqual(['w/clip.first']);
  const state = initialState(model);
  const step = interpretedTrainer(model, {}, state);
  const at = (slope: number): number => {
    const before = state.get('w')?.data[0] ?? 0;
    step(new Map([['slope', { dtype: 'f32', shape: [], data: Float64Array.of(slope) }]]));
    return before - (state.get('w')?.data[0] ?? 0);
  };
  expect([at(1.5), at(10), at(-10), at(0.25)]).toEqual([1.5, 3, -3, 0.25]);
});
