/** Which column feeds which input. */
import { describe, expect, test } from 'vitest';
import { bindColumns } from '../../compiler/elaborate/bind-columns.ts';
import type { Column } from '../../compiler/elaborate/column.ts';
import { modelOf } from './elaborate-text.ts';

const image: Column = { name: 'image', rowShape: [28, 28], kind: 'integer', dtype: 'u8' };
const label: Column = { name: 'label', rowShape: [], kind: 'integer', dtype: 'u8' };
const place = { file: 'test.nn', span: { start: 0, end: 5 } };

const bind = (text: string, columns: readonly Column[], map?: Record<string, string>) =>
  bindColumns(modelOf(`${text}output out = 1\n`).inputs, columns, {
    data: 'mnist',
    place,
    ...(map === undefined ? {} : { map }),
  });

describe('columns bind', () => {
  test('by name', () => {
    const { mapping } = bind('input label: u8[n]\ninput image: u8[n, 28, 28]\n', [image, label]);
    expect(mapping).toEqual({ label: 'label', image: 'image' });
  });
  test('by order where rank, sizes and kind fit', () => {
    const { mapping } = bind('input target: u8[batch]\ninput picture: u8[batch, 28, 28]\n', [
      image,
      label,
    ]);
    expect(mapping).toEqual({ target: 'label', picture: 'image' });
  });
  test('by the map of the file, first of all', () => {
    const columns: Column[] = ['a', 'b'].map((name) => ({
      name,
      rowShape: [],
      kind: 'float',
      dtype: 'f32',
    }));
    const { mapping } = bind('input a: f32[n]\ninput c: f32[n]\n', columns, { c: 'a', a: 'b' });
    expect(mapping).toEqual({ c: 'a', a: 'b' });
  });
  test('and symbols take the sizes of the columns', () => {
    const columns: Column[] = [
      { name: 'p', rowShape: [7], kind: 'float', dtype: 'f32' },
      { name: 'q', rowShape: [9], kind: 'float', dtype: 'f32' },
    ];
    expect(bind('input a: f32[n, t]\n', columns).mapping).toEqual({ a: 'p' });
    expect(bind('input p: f32[n, t]\ninput q: f32[n, t]\n', columns).diagnostic?.code).toBe(
      'NN0504',
    );
  });
  test('an integer column feeds a float input of its name only', () => {
    expect(bind('input label: f32[n]\n', [label]).mapping).toEqual({ label: 'label' });
    expect(bind('input target: f32[n]\n', [label]).diagnostic?.code).toBe('NN0504');
  });
});

test('otherwise NN0504 lists both sides and fills in the map', () => {
  const { diagnostic, mapping } = bind('input image: u8[n, 28, 28]\ninput y: f32[n, 2]\n', [
    image,
    label,
  ]);
  expect(mapping).toBeUndefined();
  expect(diagnostic).toMatchObject({
    code: 'NN0504',
    message: 'the columns of `mnist` do not fit the inputs of this model',
    help: 'say which is which: `columns: {image: "image", y: "..."}`',
    span: place.span,
    facts: [
      'inputs of the file: image u8[n, 28, 28], y f32[n, 2]',
      'columns of the data: image u8[row, 28, 28], label u8[row]',
      'no column for `y`',
    ],
  });
});
