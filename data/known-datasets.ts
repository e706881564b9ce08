/** The data sets that are known by name: how they lie on disk, and where the files come from. */
import { groupColumns, renameColumn } from './columns.ts';
import type { AnyDataset } from './dataset.ts';
import { idxFileNames } from './mnist.ts';

/** A data set with a name of its own in `train { data: "…" }`. */
export interface KnownDataset {
  /** The folder, and the stem of a CSV file, in which it is looked for. */
  readonly folder: string;
  readonly files: readonly string[];
  /** Where the files can be fetched. */
  readonly source: string;
  /** Images as rows of pixels. */
  readonly flat?: boolean;
  /** Gives the columns of the CSV file their names and shapes. */
  readonly arrange?: (table: AnyDataset) => AnyDataset;
}

const idxFiles: readonly string[] = Object.values(idxFileNames).map((name) => `${name}.gz`);

const mnist: KnownDataset = {
  folder: 'mnist',
  files: idxFiles,
  source: 'https://ossci-datasets.s3.amazonaws.com/mnist/',
};

export const knownDatasets: ReadonlyMap<string, KnownDataset> = new Map<string, KnownDataset>([
  ['mnist', mnist],
  ['mnist_flat', { ...mnist, flat: true }],
  [
    'fashion_mnist',
    {
      folder: 'fashion_mnist',
      files: idxFiles,
      source: 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
    },
  ],
  [
    'digits',
    {
      folder: 'digits',
      files: ['digits.csv.gz'],
      source:
        'https://raw.githubusercontent.com/scikit-learn/scikit-learn/main/sklearn/datasets/data/',
      arrange: arrangeDigits,
    },
  ],
]);

/** 64 pixels and, but for rows that are to be predicted, a label a line, without a header: `pixels` u8 [64] and `label` u8 []. */
function arrangeDigits(table: AnyDataset): AnyDataset {
  const names = table.columns.map((column) => column.name);
  const isTable = names.length === 64 || names.length === 65;
  if (!isTable || names.some((name, index) => name !== `c${index}`)) return table;
  const grouped = groupColumns(table, 'pixels', names.slice(0, 64));
  return names.length === 64 ? grouped : renameColumn(grouped, 'c64', 'label');
}
