/**
 * Four IDX files make a data set of the MNIST family: images and labels, to train on and to test
 * on.
 */
import { counted, DataError } from './data-error.ts';
import { type AnyColumn, createDataset, type DataSplits, type Dataset } from './dataset.ts';

/** The four files of the family. */
export interface IdxFiles<File> {
  readonly trainImages: File;
  readonly trainLabels: File;
  readonly testImages: File;
  readonly testLabels: File;
}

/** The names under which the family is distributed, without `.gz`. */
export const idxFileNames: IdxFiles<string> = {
  trainImages: 'train-images-idx3-ubyte',
  trainLabels: 'train-labels-idx1-ubyte',
  testImages: 't10k-images-idx3-ubyte',
  testLabels: 't10k-labels-idx1-ubyte',
};

/** Columns `image` u8 [height, width] (or [height * width] when `flat`) and `label` u8 []. */
export function combineIdxFiles(
  name: string,
  files: IdxFiles<Dataset<AnyColumn>>,
  options: { readonly flat?: boolean } = {},
): DataSplits<AnyColumn> {
  const flat = options.flat ?? false;
  return {
    train: combinePair(name, files.trainImages, files.trainLabels, flat),
    test: combinePair(name, files.testImages, files.testLabels, flat),
  };
}

function combinePair(
  name: string,
  imageFile: Dataset<AnyColumn>,
  labelFile: Dataset<AnyColumn>,
  flat: boolean,
): Dataset<AnyColumn> {
  const [images] = imageFile.columns;
  const [labels] = labelFile.columns;
  if (images === undefined || labels === undefined || images.rowShape.length === 0) {
    throw new DataError(imageFile.name, 'images have at least 2 dimensions, this file has 1');
  }
  if (labels.rowShape.length > 0) {
    throw new DataError(
      labelFile.name,
      `labels have 1 dimension, this file has ${labels.rowShape.length + 1}`,
    );
  }
  if (imageFile.rows !== labelFile.rows) {
    throw new DataError(
      labelFile.name,
      `${counted(labelFile.rows, 'label')} for the ${counted(imageFile.rows, 'image')} of ${imageFile.name}`,
    );
  }
  const pixels = images.rowShape.reduce((product, size) => product * size, 1);
  return createDataset(name, [
    { ...images, name: 'image', ...(flat ? { rowShape: [pixels] } : {}) },
    { ...labels, name: 'label' },
  ]);
}
