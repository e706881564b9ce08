/** What a run compiles and how its rows are cut: no device. */
import { describe, expect, test } from 'vitest';
import { symbol } from '../../compiler/graph/dim.ts';
import type { Model, ModelInput } from '../../compiler/model.ts';
import { createDataset, DataError, type Dataset } from '../../data/index.ts';
import { placeAt } from '../../train/fit-event.ts';
import {
  checkRanges,
  createFeed,
  misfits,
  neededInputs,
  noData,
  stepsOf,
  weightTensors,
} from '../../train/index.ts';
import { batchSizes, evaluationBatch, programAt, programsFor } from '../../train/prepare.ts';
import { createRate } from '../../train/rate.ts';
import { checkGuards } from '../../train/sizes.ts';
import { tinyFeed, tinyModel } from './tiny-model.ts';

const model = tinyModel();

describe('programs', () => {
  test('full batches, and the short last one as a program of its own', () => {
    const feed = tinyFeed(model, 29);
    const evals = { kind: 'eval', feed, batch: 8 } as const;
    const programs = programsFor([{ kind: 'train', feed, batch: 8 }, evals, evals]);
    expect(programs.map(({ kind, dims }) => [kind, dims])).toEqual([
      ['train', { batch: 8 }],
      ['train', { batch: 5 }],
      ['eval', { batch: 8 }],
      ['eval', { batch: 5 }],
    ]);
    expect(programAt('train', feed, 5)).toBe('train@5');
    expect(programAt('predict', noData, 1)).toBe('predict');
  });

  test.each([
    [12_000, 128, [128, 96]],
    [256, 128, [128]],
    [100, 128, [100]],
    [1, 1, [1]],
  ])('%i rows in batches of %i: %j', (rows, batch, expected) => {
    expect(batchSizes(rows, batch)).toEqual(expected);
  });

  test.each([
    [[2000], 64, 250],
    [[10_000], 128, 500],
    [[10_000, 2000], 128, 500],
    [[1997], 64, 64],
    [[], 32, 128],
  ])('%j rows are evaluated by batches of %i as %i', (rows, batch, expected) => {
    expect(evaluationBatch(rows, batch)).toBe(expected);
  });

  test('steps of epochs count the short batch', () => {
    expect(stepsOf(12_000, 128, 5)).toBe(470);
    expect(stepsOf(10, 10, 3)).toBe(3);
  });

  test('labels are not needed to predict', () => {
    expect(neededInputs(model, 'predict').map((input) => input.name)).toEqual(['x']);
    expect(neededInputs(model, 'train').map((input) => input.name)).toEqual(['x', 'label']);
  });
});

describe('places', () => {
  test.each([
    [0, 1, 0],
    [1, 1, 1],
    [4, 1, 4],
    [5, 2, 1],
    [20, 5, 4],
  ])('after step %i of 20 in epochs of 4: epoch %i, its step %i', (step, epoch, stepOfEpoch) => {
    expect(placeAt(step, 20, 4)).toMatchObject({ epoch, stepOfEpoch, epochs: 5 });
  });
});

describe('rate', () => {
  test('is measured over the last five seconds, pauses left out', () => {
    const rate = createRate();
    expect(rate.rowsPerSecond).toBeUndefined();
    rate.record(0, 0);
    rate.record(100, 1000);
    expect(rate.rowsPerSecond).toBe(100);
    rate.pause(60_000);
    rate.record(200, 62_000);
    expect(rate.rowsPerSecond).toBe(100);
    for (let second = 1; second <= 20; second += 1)
      rate.record(200 + second * 50, 62_000 + second * 1000);
    expect(rate.rowsPerSecond).toBe(50);
  });

  test('two records at one time say nothing yet', () => {
    const rate = createRate();
    rate.record(0, 5);
    rate.record(10, 5);
    expect(rate.rowsPerSecond).toBeUndefined();
  });
});

function dataset(
  name: string,
  kind: 'integer' | 'float',
  values: readonly number[],
  dtype: 'u8' | 'i32' | 'f32',
): Dataset {
  const array = { u8: Uint8Array, i32: Int32Array, f32: Float32Array }[dtype].from(values);
  return createDataset('d', [{ name, kind, dtype, rowShape: [], values: array }]);
}

const inputOf = (type: string): ModelInput => {
  const [input] = tinyModel(`input a: ${type}\noutput b = cast(a, f32)`).inputs;
  if (input === undefined) throw new Error('no input');
  return input;
};

describe('columns in the element type of their input', () => {
  test('the same type is not copied; others are converted', () => {
    const bytes = dataset('a', 'integer', [1, 2, 255], 'u8');
    expect(createFeed([inputOf('u8[n]')], bytes, {}).columns[0]?.values).toBe(
      bytes.columns[0]?.values,
    );
    expect(createFeed([inputOf('i32[n]')], bytes, {}).columns[0]?.values).toEqual(
      Int32Array.of(1, 2, 255),
    );
    expect(createFeed([inputOf('f32[n]')], bytes, {}).columns[0]?.values).toEqual(
      Float32Array.of(1, 2, 255),
    );
  });

  test.each([
    ['u8[n]', [3, 256], 'i32', '`a` has 256 at row 1, which `input a: u8` cannot hold'],
    ['u8[n]', [3, -1], 'i32', '`a` has -1 at row 1'],
    ['i32[n]', [3, 0.5], 'f32', '`a` has 0.5 at row 1'],
  ] as const)('%s cannot hold %j', (type, values, dtype, message) => {
    const feed = () => createFeed([inputOf(type)], dataset('a', 'integer', values, dtype), {});
    expect(feed).toThrow(DataError);
    expect(feed).toThrow(message);
  });

  test('a missing column, and inputs without a common first axis', () => {
    const rows = dataset('a', 'float', [1], 'f32');
    expect(() => createFeed([inputOf('f32[n]')], rows, { a: 'c' })).toThrow(
      'there is no column `c`; there are a',
    );
    const two = tinyModel('input a: f32[n]\ninput b: f32[m]\noutput c = sum(a) * sum(b)').inputs;
    const both = createDataset('d', [
      ...rows.columns,
      { ...rows.columns[0], name: 'b' } as (typeof rows.columns)[0],
    ]);
    expect(() => createFeed(two, both, {})).toThrow(
      'the inputs do not share their first axis: a f32[n], b f32[m]',
    );
  });
});

describe('what data must keep to', () => {
  test('NN0505: a class beyond the last one, with its row', async () => {
    const feed = tinyFeed(model, 6);
    const label = feed.columns.find((column) => column.input === 'label');
    if (label === undefined) throw new Error('no label');
    const bad = { ...feed, columns: [{ ...label, values: Uint8Array.of(0, 1, 2, 0, 3, 1) }] };
    const inputs = neededInputs(model, 'train');
    expect(await checkRanges(inputs, feed, 'tiny.nn')).toEqual([]);
    const [diagnostic] = await checkRanges(inputs, bad, 'tiny.nn');
    expect(diagnostic).toMatchObject({ code: 'NN0505', file: 'tiny.nn' });
    expect(diagnostic?.message).toBe(
      '`label` has 3 at row 4, but `input label` chooses one of 3 (0 to 2)',
    );
  });

  test('NN0216: a guard that the sizes break', () => {
    const guarded: Pick<Model, 'guards'> = {
      guards: [
        { text: 't <= 256 (gpt.nn:7)', holds: { left: symbol('t'), relation: '<=', right: 256 } },
      ],
    };
    const check = (sizes: Record<string, number>) => () =>
      checkGuards({ ...model, ...guarded }, sizes);
    expect(check({ t: 256 })).not.toThrow();
    expect(check({ batch: 1000 })).not.toThrow();
    expect(check({ t: 300 })).toThrow('`t` = 300, but `t <= 256 (gpt.nn:7)` must hold');
  });
});

test('weights of another model: each tensor that does not fit has a line', () => {
  const tensor = (shape: readonly number[]) => ({
    dtype: 'f32' as const,
    shape,
    values: new Float32Array(shape.reduce((a, b) => a * b, 1)),
  });
  const weights = new Map([
    ['dense.W', tensor([5, 9])],
    ['dense.b', tensor([8])],
    ['dense1.W', tensor([8, 3])],
    ['extra', tensor([])],
  ]);
  expect(misfits(weightTensors(model), weights)).toEqual([
    '`dense.W` is f32[5, 9]; the model has f32[5, 8]',
    '`dense_1.W` f32[8, 3] is missing; did you mean its `dense1.W`?',
    '`dense_1.b` f32[3] is missing',
    '`extra` f32 is no tensor of the model',
  ]);
});
