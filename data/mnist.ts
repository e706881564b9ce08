/**
 * Four IDX files make a data set of the MNIST family: images and labels, to train on and to test
 * on.
 */
import { counted, DataError } from './data-error.ts';
import { type Column, createDataset, type DataSplits, type Dataset } from './dataset.ts';
import { gunzip } from './gzip.ts';
import { decodeIdx, type IdxArray } from './idx.ts';

/** The bytes of one file, packed or plain, with the name that messages use. */
export interface NamedBytes {
  readonly file: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The four files of the family. */
export interface IdxFiles<File = NamedBytes> {
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
export async function decodeMnist(
  name: string,
  files: IdxFiles,
  options: { readonly flat?: boolean } = {},
): Promise<DataSplits> {
  const flat = options.flat ?? false;
  return {
    train: await decodePair(name, files.trainImages, files.trainLabels, flat),
    test: await decodePair(name, files.testImages, files.testLabels, flat),
  };
}

async function decodePair(
  name: string,
  imageFile: NamedBytes,
  labelFile: NamedBytes,
  flat: boolean,
): Promise<Dataset> {
  const images = await decodeFile(imageFile);
  const labels = await decodeFile(labelFile);
  const [imageRows = 0, ...rowShape] = images.shape;
  const [labelRows = 0] = labels.shape;
  if (rowShape.length === 0) {
    throw new DataError(imageFile.file, 'images have at least 2 dimensions, this file has 1');
  }
  if (labels.shape.length !== 1) {
    throw new DataError(
      labelFile.file,
      `labels have 1 dimension, this file has ${labels.shape.length}`,
    );
  }
  if (imageRows !== labelRows) {
    throw new DataError(
      labelFile.file,
      `${counted(labelRows, 'label')} for the ${counted(imageRows, 'image')} of ${imageFile.file}`,
    );
  }
  const pixels = rowShape.reduce((product, size) => product * size, 1);
  return createDataset(name, [
    column('image', images, flat ? [pixels] : rowShape),
    column('label', labels, []),
  ]);
}

async function decodeFile({ file, bytes }: NamedBytes): Promise<IdxArray> {
  return decodeIdx(await gunzip(bytes, file), file);
}

function column(name: string, array: IdxArray, rowShape: readonly number[]): Column {
  return { name, dtype: array.dtype, kind: array.kind, rowShape, values: array.values };
}
