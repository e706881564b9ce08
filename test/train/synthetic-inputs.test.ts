/** Data to measure with: seeded, of the right type and size, and within what the model chooses from. */
import { expect, test } from 'vitest';
import { compile } from '../../compiler/compile.ts';
import { portable } from '../../compiler/schedule/device.ts';
import { syntheticInputs } from '../../train/synthetic-inputs.ts';
import { modelOf } from '../support/model.ts';

const model = modelOf(`
input image: u8[batch, 6]
input label: u8[batch]
input weight: f16[batch]
let logits = cast(image, f32) |> dense(3)
output scores = logits
loss = softmax_crossentropy(logits, label) + mean(cast(weight, f32))
train { optimizer: sgd() }
`);
const dims = { batch: 50 };
const kinds = ['train', 'predict'] as const;
const programs = kinds.map((kind) => ({ kind, dims }));
const { plan } = compile(model, { device: portable, programs });

test('every input of the program, in its type, labels below the number of classes', () => {
  const { image, label, weight, ...others } = syntheticInputs(model, plan, 'train@50');
  expect(others).toEqual({});
  expect(image).toBeInstanceOf(Uint8Array);
  expect((image as Uint8Array).length).toBe(300);
  expect(new Set(label as Uint8Array)).toEqual(new Set([0, 1, 2]));
  expect(weight).toBeInstanceOf(Uint16Array);
  expect(Object.keys(syntheticInputs(model, plan, 'predict@50'))).toEqual(['image']);
});

test('a seed is a sequence', () => {
  const of = (seed: number) => syntheticInputs(model, plan, 'train@50', seed);
  expect(of(1)).toEqual(of(1));
  expect(of(1)).not.toEqual(of(2));
});
