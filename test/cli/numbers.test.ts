/** What commands print, character by character: numbers, tables, the progress line. */
import { describe, expect, test } from 'vitest';
import {
  bytesText,
  counted,
  durationText,
  grouped,
  metricText,
  rateText,
} from '../../cli/numbers.ts';
import {
  doneShare,
  paceText,
  placeText,
  progressLine,
  valuesText,
} from '../../cli/progress-line.ts';
import { clipped, tableLines } from '../../cli/table.ts';
import { placeAt } from '../../train/fit-event.ts';

describe('numbers', () => {
  test.each([
    [0.0886118, '0.0886'],
    [1.8426251, '1.8426'],
    [0, '0.0000'],
    [1, '1.0000'],
    [50, '50'],
    [1010, '1,010'],
    [-3, '-3.0000'],
    [13.40512, '13.405'],
    [134.0512, '134.05'],
    [1340.512, '1340.5'],
    [0.00031, '3.10e-4'],
    [-0.00031, '-3.10e-4'],
    [2.5e7 + 0.5, '2.50e+7'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, '∞'],
  ])('the metric %f is %s', (value, text) => {
    expect(metricText(value)).toBe(text);
  });

  test.each([
    [0.3104, '310 ms'],
    [0.9996, '1.0 s'],
    [3.14, '3.1 s'],
    [9.96, '10 s'],
    [59.4, '59 s'],
    [59.6, '1 min 00 s'],
    [125, '2 min 05 s'],
    [3599.7, '1 h 00 min'],
    [3725, '1 h 02 min'],
    [Number.NaN, '–'],
  ])('%f seconds are %s', (seconds, text) => {
    expect(durationText(seconds)).toBe(text);
  });

  test.each([
    [4213.7, '4,210'],
    [123_456, '123,000'],
    [83.14, '83.1'],
    [0.5, '0.500'],
    [999.6, '1,000'],
    [0, '–'],
    [Number.POSITIVE_INFINITY, '–'],
  ])('%f a second is %s', (rate, text) => {
    expect(rateText(rate)).toBe(text);
  });

  test.each([
    [176, '176 bytes'],
    [814_120, '814 kB'],
    [1_628_200, '1.6 MB'],
    [999_999, '1.0 MB'],
    [1_073_741_824, '1.1 GB'],
  ])('%i bytes are %s', (bytes, text) => {
    expect(bytesText(bytes)).toBe(text);
  });

  test('groups and plurals', () => {
    expect(grouped(1_234_567)).toBe('1,234,567');
    expect(grouped(999)).toBe('999');
    expect(counted(1, 'epoch')).toBe('1 epoch');
    expect(counted(1200, 'row')).toBe('1,200 rows');
  });
});

describe('tables', () => {
  test('columns are as wide as their widest cell; colours take no room', () => {
    const rows = [
      ['a', '1'],
      ['\u001b[31mlonger\u001b[39m', '1,000'],
    ];
    expect(tableLines(rows, ['left', 'right'])).toEqual([
      'a           1',
      '\u001b[31mlonger\u001b[39m  1,000',
    ]);
  });

  test('short rows and clipping', () => {
    expect(tableLines([['a'], ['b', 'c']])).toEqual(['a', 'b  c']);
    expect(clipped('glyphs', 6)).toBe('glyphs');
    expect(clipped('glyphs', 5)).toBe('glyp…');
    expect(clipped('glyphs', 0)).toBe('');
  });
});

describe('the progress line', () => {
  const progress = {
    place: placeAt(150, 400, 100),
    values: new Map([
      ['loss', 0.12684],
      ['accuracy', 0.97117],
    ]),
    rowsPerSecond: 4213,
    secondsLeft: 14.2,
  };
  const glyphs = { done: '#', open: '-' };
  const text = (columns: number): string =>
    Object.values(progressLine(progress, columns, glyphs)).join('');

  test('has a bar as wide as there is room for, and none where there is none', () => {
    const rest = ' 50 %  loss 0.1268  accuracy 0.9712  4,210 samples/s  14 s left';
    expect(text(110)).toBe(`epoch 2/4  ##############-------------- ${rest}`);
    expect(text(90)).toBe(`epoch 2/4  #######------- ${rest}`);
    expect(text(90).length).toBeLessThanOrEqual(90);
    expect(text(60)).toBe(`epoch 2/4 ${rest}`);
  });

  test('counts steps where each takes all rows', () => {
    const place = placeAt(100, 1000, 1);
    expect(placeText(place)).toBe('step  100/1000');
    expect(doneShare(place)).toBe(0.1);
    expect(placeText(placeAt(0, 20, 2))).toBe('epoch  1/10');
  });

  test('keeps its columns from line to line, and never counts below zero', () => {
    expect(
      valuesText(
        new Map([
          ['loss', 0.5],
          ['threes', 50],
          ['b', 1],
        ]),
      ),
    ).toBe('loss 0.5000  threes 50      b 1.0000');
    expect(paceText({ ...progress, secondsLeft: -0.3 })).toBe('4,210 samples/s  0 ms left');
  });
});
