/** The small classifier and its rows as the trainer takes them. */
import type { Model } from '../../compiler/model.ts';
import { createDataset, type Dataset } from '../../data/index.ts';
import { createFeed, type Feed, neededInputs } from '../../train/index.ts';
import { modelOf } from '../support/model.ts';
import { tinyData, tinyText } from '../support/tiny.ts';

export const tinyModel = (text: string = tinyText): Model => modelOf(text, 'tiny.nn');

export function tinyDataset(rows: number): Dataset {
  const { x, label } = tinyData(rows);
  return createDataset('tiny', [
    { name: 'x', dtype: 'f32', rowShape: [5], kind: 'float', values: x },
    { name: 'label', dtype: 'u8', rowShape: [], kind: 'integer', values: label },
  ]);
}

export const tinyFeed = (
  model: Model,
  rows: number,
  kind: 'train' | 'eval' | 'predict' = 'train',
): Feed => createFeed(neededInputs(model, kind), tinyDataset(rows), {});
