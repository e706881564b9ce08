/** What named `train` sections, `minimize`, `params` and `freeze` choose, and what is reported of it. */
import { describe, expect, test } from 'vitest';
import { metricNames } from '../../compiler/programs.ts';
import { sectionSets, sectionsAt } from '../../compiler/train-step.ts';
import { modelOf } from './elaborate-text.ts';

const net = `
input x: f32[n, 3]
param scale: f32 = 1
let A = dense(3, 4) |> tanh |> dense(2)
let B = { dense(2, 2) |> residual { dense(2) |> tanh } }
let C = repeat 2 { dense(2) }
let D = { _ * scale |> dense(2) }
let y = x |> A |> B |> C |> D
loss fit = mean((y - 1) ** 2)
loss ridge = mean(y ** 2)
`;
/** The parameters that the sections of this text train. */
function trained(sections: string): readonly (readonly string[])[] {
  const model = modelOf(net + sections);
  return (model.optimization?.sections ?? []).map((s) => s.updates.map((u) => u.path));
}
const all = [
  'A.dense.W',
  'A.dense.b',
  'A.dense_1.W',
  'A.dense_1.b',
  'B.dense.W',
  'B.dense.b',
  'B.dense_1.W',
  'B.dense_1.b',
  'C.0.dense.W',
  'C.0.dense.b',
  'C.1.dense.W',
  'C.1.dense.b',
  'D.dense.W',
  'D.dense.b',
];
const below = (prefix: string): string[] => all.filter((path) => path.startsWith(prefix));
const sorted = (paths: readonly string[] | undefined): string[] => [...(paths ?? [])].sort();

describe('params and freeze choose', () => {
  test.each([
    ['', ['scale', ...all]],
    ['params: A', below('A.')],
    ['params: B', below('B.')],
    ['params: C', below('C.')],
    ['params: D', below('D.')],
    ['params: [A, scale]', ['scale', ...below('A.')]],
    ['params: scale', ['scale']],
    ['params: "A.dense"', ['A.dense.W', 'A.dense.b']],
    ['params: "A.dense_1.b"', ['A.dense_1.b']],
    ['params: ["A", "C.1"]', [...below('A.'), ...below('C.1.')]],
    ['freeze: [A, B, "C", D]', ['scale']],
    ['params: [A, B] freeze: ["A.dense", B]', below('A.dense_1')],
  ])('%s', (keys, expected) => {
    expect(sorted(trained(`train { optimizer: sgd() ${keys} }`)[0])).toEqual(sorted(expected));
  });
});

test('named sections take what they do not say from the unnamed one', () => {
  const model = modelOf(`${net}
    train { batch: 8 optimizer: momentum(lr=0.1) freeze: "A.dense" }
    train one { minimize: fit params: [A, B] }
    train two { minimize: [fit, ridge] params: C optimizer: sgd() every: 3 }
  `);
  expect(model.train).toEqual({ batch: 8 });
  const sections = model.optimization?.sections ?? [];
  expect(sections.map(({ name, every, losses }) => [name, every, losses])).toEqual([
    ['one', 1, ['fit']],
    ['two', 3, ['fit', 'ridge']],
  ]);
  expect(sections[0]?.updates.some((u) => u.path.startsWith('A.dense.'))).toBe(false);
  // Only `momentum` has slots, and with several sections their names say whose they are.
  expect(model.optimization?.slots.map((s) => s.path)).toEqual(
    [...below('A.dense_1'), ...below('B.')].map((path) => `one/${path}/v`),
  );
  expect(sections.map((s) => s.slotUpdates.length)).toEqual([6, 0]);
});

test('a parameter may be in two sections where both name it', () => {
  const both = trained(
    'train one { minimize: fit params: [A, scale] optimizer: sgd() }\ntrain two { minimize: ridge params: scale optimizer: sgd() }',
  );
  expect(both[0]).toContain('scale');
  expect(both[1]).toEqual(['scale']);
});

test('a frozen parameter may be updated by hand', () => {
  const model = modelOf(`
    param w: f32 = 1
    param average: f32 = 1
    loss = (w - average) ** 2
    update average = 0.9 * average + 0.1 * w
    train { optimizer: sgd() freeze: average }
  `);
  expect(model.optimization?.sections[0]?.updates.map((u) => u.path)).toEqual(['w']);
  expect(model.training.updates.map((u) => u.path)).toEqual(['average']);
});

test('`checkpoint` is read, a folder or a number of epochs', () => {
  const read = (value: string): unknown =>
    modelOf(`param w: f32 = 1\nloss = w ** 2\ntrain { optimizer: sgd() checkpoint: ${value} }\n`)
      .train.checkpoint;
  expect(read('"runs/a"')).toBe('runs/a');
  expect(read('5')).toBe(5);
});

describe('which sections run in a step', () => {
  const model = modelOf(`${net}
    train { optimizer: sgd() minimize: fit }
  `);
  const three = modelOf(`${net}
    train a { params: A optimizer: sgd() }
    train b { params: B optimizer: sgd() every: 2 }
    train c { params: C optimizer: sgd() every: 3 }
  `);
  test('the only one in all', () => {
    expect(sectionSets(model)).toEqual([undefined]);
    expect(sectionsAt(model, 7)).toBeUndefined();
  });
  test('those whose period divides its number', () => {
    expect([0, 1, 2, 3, 4, 5, 6].map((step) => sectionsAt(three, step))).toEqual([
      undefined,
      ['a'],
      ['a', 'b'],
      ['a', 'c'],
      ['a', 'b'],
      ['a'],
      undefined,
    ]);
    expect(sectionSets(three)).toEqual([undefined, ['a'], ['a', 'b'], ['a', 'c']]);
  });
});

describe('what is reported as `loss`', () => {
  test.each([
    ['', ['loss', 'fit', 'ridge']],
    ['train { optimizer: sgd() }', ['loss', 'fit', 'ridge']],
    ['train { optimizer: sgd() minimize: ridge }', ['loss', 'fit', 'ridge']],
    [
      'train a { minimize: fit params: A optimizer: sgd() }\ntrain b { minimize: ridge params: B optimizer: sgd() }',
      ['fit', 'ridge'],
    ],
    [
      'train a { params: A optimizer: sgd() }\ntrain b { params: B optimizer: sgd() }',
      ['loss', 'fit', 'ridge'],
    ],
  ])('%s', (sections, names) => {
    expect(metricNames(modelOf(net + sections), 'train')).toEqual(names);
  });
});
