/** Models as tutorials have them train on the device as they do in the interpreter, and learn. */
import { expect, test } from 'vitest';
import { ndArray } from '../../compiler/graph/nd-array.ts';
import { trainOnDevice } from '../support/device-training.ts';
import { initialState, interpretedTrainer, modelOf } from '../support/model.ts';
import { profileOf, testDevice } from '../support/run-graph.ts';
import { tutorialModels } from './tutorial-models.ts';

const rows = 24;
const steps = 12;

/** Blots whose place goes with the label, the same in every step: a loss that does not fall is wrong. */
function digitsBatch(): { readonly pixels: Uint8Array; readonly label: Uint8Array } {
  const label = Uint8Array.from({ length: rows }, (_, row) => (row * 7) % 10);
  const pixels = Uint8Array.from({ length: rows * 64 }, (_, i) => {
    const [row, pixel] = [Math.floor(i / 64), i % 64];
    const near = Math.abs(pixel - 6 * (label[row] ?? 0));
    return near < 6 ? 16 - near : (i * 13) % 4;
  });
  return { pixels, label };
}

test.each(Object.entries(tutorialModels))('%s', async (_, text) => {
  const model = modelOf(text);
  const data = digitsBatch();
  const state = initialState(model);
  const stepInterpreter = interpretedTrainer(model, { n: rows }, new Map(state));
  const batch = new Map([
    ['pixels', ndArray('i32', [rows, 64], Float64Array.from(data.pixels))],
    ['label', ndArray('i32', [rows], Float64Array.from(data.label))],
  ]);
  const expected = Array.from({ length: steps }, () => stepInterpreter(batch));
  const profile = profileOf(await testDevice());
  const { losses } = await trainOnDevice(model, { n: rows }, profile, state, steps, () => data);
  for (const [step, loss] of losses.entries()) {
    const reference = expected[step] ?? Number.NaN;
    // Rounding errors of f32 grow from step to step; a wrong gradient is off by far more.
    expect(Math.abs(loss - reference) / Math.abs(reference)).toBeLessThan(2e-4);
  }
  expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) * 0.98);
});
