/** Values of options, settings of a run, predictions as text: the pure parts of the commands. */
import { InvalidArgumentError } from 'commander';
import { describe, expect, test } from 'vitest';
import {
  batchSize,
  columnSetting,
  positiveInteger,
  positiveNumber,
  setting,
  validationPart,
  wholeNumber,
} from '../../cli/option-values.ts';
import { cellText, extraColumns, recordsOf, shortestSingle } from '../../cli/prediction-text.ts';
import { trainSettings } from '../../cli/train-settings.ts';
import { createDataset, residentRows } from '../../data/index.ts';
import { type PredictedTensor, scheduleFor } from '../../train/index.ts';

describe('option values', () => {
  test.each([
    ['3', 3],
    ['60_000', 60_000],
    ['1e4', 10_000],
  ])('%s is a whole number', (text, value) => {
    expect(positiveInteger(text)).toBe(value);
  });

  test.each([
    [positiveInteger, '0'],
    [positiveInteger, '2.5'],
    [positiveInteger, '-1'],
    [positiveInteger, 'ten'],
    [positiveInteger, ''],
    [positiveInteger, '1e99'],
    [wholeNumber, '-1'],
    [positiveNumber, '0'],
    [positiveNumber, '1e999'],
    [positiveNumber, 'NaN'],
    [batchSize, 'al'],
    [validationPart, '1.5'],
    [setting, 'depth'],
    [setting, 'depth='],
    [setting, '9=depth'],
    [columnSetting, 'x'],
    [columnSetting, 'x='],
    [columnSetting, 'x=[a'],
  ])('%o refuses `%s`', (parse, text) => {
    expect(() => (parse as (text: string) => unknown)(text)).toThrow(InvalidArgumentError);
  });

  test('batches, fractions and settings', () => {
    expect(batchSize('all')).toBe('all');
    expect(validationPart('0.1')).toBe(0.1);
    expect(validationPart('test')).toBe('test');
    const values = setting('pad="same"', setting('fast=true', setting('depth = 9')));
    expect(values).toEqual({ depth: 9, fast: true, pad: 'same' });
    const columns = columnSetting('x=[a, "b", c0..c3]', columnSetting('label = 7'));
    expect(columns).toEqual({ label: '7', x: ['a', 'b', 'c0..c3'] });
    expect(() => columnSetting('x=b', { x: 'a' })).toThrow('given twice');
    expect(() => setting('depth=1', values)).toThrow('`depth` is set twice');
  });
});

describe('settings of a run', () => {
  const file = {
    batch: 128,
    epochs: 5,
    shuffle: false,
    seed: 12,
    limit: 100,
    validation: 'test',
  } as const;

  test('the command line wins over the file, the file over the defaults', () => {
    expect(trainSettings(file, {})).toEqual({
      batch: 128,
      length: { epochs: 5 },
      limit: 100,
      seed: 12,
      shuffle: false,
      validation: 'test',
    });
    expect(trainSettings(file, { batch: 'all', steps: 7, seed: 1 })).toMatchObject({
      batch: 'all',
      length: { steps: 7 },
      seed: 1,
    });
    expect(trainSettings({}, {})).toEqual({
      batch: 32,
      length: { epochs: 10 },
      seed: 0,
      shuffle: true,
    });
  });

  test('`--epochs` replaces the file’s steps', () => {
    const steps = { steps: 1000 };
    expect(trainSettings(steps, { epochs: 2 }).length).toEqual({ epochs: 2 });
  });

  test('a batch is at most all rows', () => {
    expect(scheduleFor(trainSettings(file, {}), 1000)).toEqual({ batch: 128, steps: 40 });
    expect(scheduleFor(trainSettings(file, {}), 100)).toEqual({ batch: 100, steps: 5 });
    expect(scheduleFor(trainSettings(file, { batch: 'all', steps: 9 }), 100)).toEqual({
      batch: 100,
      steps: 9,
    });
  });
});

describe('predictions', () => {
  const outputs: readonly PredictedTensor[] = [
    {
      name: 'probs',
      dtype: 'f32',
      shape: [2, 2],
      values: Float32Array.of(0.1, 0.9, Number.NaN, 1),
      byRow: true,
    },
    { name: 'digit', dtype: 'i32', shape: [2], values: Int32Array.of(1, 0), byRow: true },
    { name: 'odd', dtype: 'bool', shape: [2], values: Uint32Array.of(1, 0), byRow: true },
    { name: 'mean', dtype: 'f32', shape: [], values: Float32Array.of(0.25), byRow: false },
  ];
  const rows = createDataset('d', [
    {
      name: 'label',
      dtype: 'u8',
      kind: 'integer',
      rowShape: [],
      values: Uint8Array.of(5, 6, 7, 8),
    },
    {
      name: 'digit',
      dtype: 'u8',
      kind: 'integer',
      rowShape: [],
      values: Uint8Array.of(0, 0, 0, 0),
    },
    { name: 'x', dtype: 'f32', kind: 'float', rowShape: [], values: new Float32Array(4) },
  ]);

  test('are records by row, with plain columns that were not fed', async () => {
    const extra = extraColumns(
      rows,
      ['x'],
      outputs.map((one) => one.name),
    );
    const { columns } = await residentRows(createDataset('d', extra), 2, 2);
    expect(recordsOf({ start: 2, rows: 2, outputs }, columns, { digit: ['zero', 'one'] })).toEqual([
      { mean: 0.25 },
      { row: 2, label: 7, probs: [0.1, 0.9], digit: 'one', odd: true },
      { row: 3, label: 8, probs: [null, 1], digit: 'zero', odd: false },
    ]);
  });

  test('f32 values are written with the fewest digits that say them', () => {
    for (const value of [0.1, 1 / 3, 16777217, 1e-30, -2.5]) {
      const single = Math.fround(value);
      expect(Math.fround(shortestSingle(single))).toBe(single);
    }
    expect(shortestSingle(Math.fround(0.1))).toBe(0.1);
  });

  test('cells are short', () => {
    expect(cellText(0.123456)).toBe('0.1235');
    expect(cellText(7)).toBe('7');
    expect(cellText(0.5)).toBe('0.5');
    expect(cellText([0.123, 1, null])).toBe('[0.12 1 not finite]');
    expect(cellText(Array.from({ length: 12 }, (_, i) => i))).toBe('[0 1 2 3 4 5 6 7 8 9 …]');
  });
});
