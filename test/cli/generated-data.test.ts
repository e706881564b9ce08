/** The built-in sets are worth their names: a line is fitted, a sine foretold, spirals told apart, each within a few seconds. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from '../../cli/program.ts';
import { decodeSafetensors } from '../../data/index.ts';
import { memoryTerminal } from './memory-terminal.ts';
import { createWorkplace, projectFolder, type Workplace } from './run-nnc.ts';

let place: Workplace;
beforeAll(() => {
  place = createWorkplace();
  process.chdir(place.folder);
});
afterAll(() => {
  process.chdir(projectFolder);
  place.remove();
});

/** The measures of the rows to test on, and the weights. */
async function trained(model: string) {
  place.write('m.nn', model);
  const terminal = memoryTerminal();
  const context = { env: {}, terminal, now: () => performance.now() };
  const words = ['train', 'm.nn', '-o', 'm.safetensors'];
  expect({ code: await runCommand(words, context), err: terminal.err() }).toEqual({
    code: 0,
    err: '',
  });
  const measures = [...terminal.out().matchAll(/^test .*$/gm)].at(-1)?.[0] ?? '';
  const measured = (name: string) => Number(new RegExp(`${name} (\\S+)`).exec(measures)?.[1]);
  const { tensors } = decodeSafetensors(new Uint8Array(readFileSync('m.safetensors')), 'm');
  return { measured, weight: (name: string) => tensors.get(name)?.values[0] ?? Number.NaN };
}

test('line: descent finds the slope and the intercept that it was drawn with', async () => {
  const { measured, weight } = await trained(`
    input x: f32[n]
    input y: f32[n]
    param slope: f32 = 0
    param intercept: f32 = 0
    loss = mse(slope * x + intercept, y)
    train { data: "line"  optimizer: sgd(lr=0.5)  batch: 100  epochs: 30 }
  `);
  // 400 rows with noise of 0.1: a deviation of 0.005 and 0.009.
  expect(Math.abs(weight('slope') - 2)).toBeLessThan(0.03);
  expect(Math.abs(weight('intercept') + 1)).toBeLessThan(0.03);
  // What remains is the noise, 0.01.
  expect(measured('loss')).toBeGreaterThan(0.006);
  expect(measured('loss')).toBeLessThan(0.015);
});

test('sine: a small network foretells it', async () => {
  const { measured } = await trained(`
    input x: f32[n, 1]
    input y: f32[n, 1]
    loss = mse((x / 3.1416 - 1) |> dense(32) |> tanh |> dense(32) |> tanh |> dense(1), y)
    train { data: "sine"  optimizer: adam(lr=cosine_decay(1e-2, 3200))  batch: 50  epochs: 160  seed: 1 }
  `);
  // Seeds 0 to 5 give 3e-5 to 3e-4; always 0, the network would be at 0.5.
  expect(measured('loss')).toBeLessThan(1e-3);
});

test('spirals: three arms that no line parts', async () => {
  const model = (hidden: string) => `
    input point: f32[n, 2]
    input label: u8[n]
    let logits = point |> ${hidden} dense(3)
    loss = softmax_crossentropy(logits, label)
    metric accuracy = accuracy(logits, label)
    train { data: "spirals"  optimizer: adam(lr=1e-2)  batch: 300  epochs: 60  seed: 1 }
  `;
  const straight = await trained(model(''));
  expect(straight.measured('accuracy')).toBeLessThan(0.7);
  const bent = await trained(model('dense(32) |> relu |> dense(32) |> relu |>'));
  expect(bent.measured('accuracy')).toBeGreaterThan(0.95);
});
