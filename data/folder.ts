/** A folder as a data set: the four IDX files of the MNIST family, a file of its name, `train` and `test`, or arrays. */
import { arraySet } from './array-set.ts';
import { DataError } from './data-error.ts';
import type { AnyColumn, AnyDataset, DataSplits } from './dataset.ts';
import { type KnownDataset, knownDatasets } from './known-datasets.ts';
import { combineIdxFiles, type IdxFiles, idxFileNames } from './mnist.ts';
import { type ReadOptions, readDataFile, stem } from './read-file.ts';

/** What is taken for the data set: anything, or only IDX files and files of its name. */
export type FolderContent = 'all' | 'idx' | 'named';

const endings = ['csv', 'npz', 'npy', 'tsv', 'json', 'jsonl', 'safetensors', 'txt'] as const;

/** Undefined where nothing of this folder is the data set `name`. */
export async function readFolder(
  name: string,
  folder: string,
  options: ReadOptions,
  content: FolderContent,
): Promise<DataSplits<AnyColumn> | undefined> {
  const names = await options.files.list(folder);
  if (names === undefined) return undefined;
  const known = knownDatasets.get(name);
  if (content !== 'named') {
    const paths = findIdxFiles(folder, names);
    if (paths !== undefined) return await readIdxFiles(name, known, paths, options);
  }
  const find = (stem: string): string | undefined =>
    [stem, ...endings.map((ending) => `${stem}.${ending}`)]
      .flatMap((one) => [one, `${one}.gz`])
      .find((one) => /\./.test(one) && names.includes(one));
  const read = (file: string) => readDataFile(`${folder}/${file}`, options);
  const named = find(known?.folder ?? name);
  if (named !== undefined) {
    const splits = await read(named);
    return known?.arrange === undefined
      ? splits
      : { ...splits, train: known.arrange(splits.train) };
  }
  if (content !== 'all') return undefined;
  const train = find('train');
  if (train !== undefined)
    return await readSplits(`${folder}/${train}`, find('test'), folder, options);
  const arrays = names.filter((one) => /\.npy(?:\.gz)?$/.test(one)).sort();
  return arrays.length === 0 ? undefined : await readArrays(folder, arrays, options);
}

/** What a folder may hold for this name, for messages. */
export function wantedFiles(name: string): string {
  const known = knownDatasets.get(name);
  if (known !== undefined) return known.files.join(', ');
  const others = 'or train.csv and test.csv; or .npy files';
  if (/\.\w+$/.test(name)) return `${name}; ${others}`;
  const own = stem(name);
  return `${Object.values(idxFileNames).join(', ')}; or ${own}.csv, ${own}.npz, …; ${others}`;
}

/** `test` numbers its classes as `train` does. */
async function readSplits(
  train: string,
  test: string | undefined,
  folder: string,
  options: ReadOptions,
): Promise<DataSplits<AnyColumn>> {
  const splits = await readDataFile(train, options);
  if (test === undefined) return splits;
  const classes = { ...classesOf(splits.train), ...options.classes };
  const { train: tested } = await readDataFile(`${folder}/${test}`, { ...options, classes });
  return { train: splits.train, test: tested };
}

/** The classes of the columns that have some. */
export function classesOf(dataset: AnyDataset): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    dataset.columns.flatMap(({ name, classes }) =>
      classes === undefined ? [] : [[name, classes]],
    ),
  );
}

async function readArrays(
  folder: string,
  files: readonly string[],
  options: ReadOptions,
): Promise<DataSplits<AnyColumn>> {
  const columns: AnyColumn[] = [];
  for (const file of files) {
    const { train } = await readDataFile(`${folder}/${file}`, options);
    columns.push(...train.columns);
  }
  return arraySet(folder, columns);
}

/** The paths of the four files, or undefined when there is none; some but not all is an error. */
function findIdxFiles(folder: string, names: readonly string[]): IdxFiles<string> | undefined {
  const missing: string[] = [];
  const find = (wanted: string): string => {
    const spellings = [wanted, wanted.replace('-idx', '.idx')];
    const found = spellings
      .flatMap((spelling) => [spelling, `${spelling}.gz`])
      .find((candidate) => names.includes(candidate));
    if (found === undefined) missing.push(wanted);
    return `${folder}/${found}`;
  };
  const paths = {
    trainImages: find(idxFileNames.trainImages),
    trainLabels: find(idxFileNames.trainLabels),
    testImages: find(idxFileNames.testImages),
    testLabels: find(idxFileNames.testLabels),
  };
  if (missing.length === 0) return paths;
  if (missing.length === 4) return undefined;
  throw new DataError(
    folder,
    `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} missing beside the others`,
    'all four files are needed, each plain or with .gz at the end',
  );
}

async function readIdxFiles(
  name: string,
  known: KnownDataset | undefined,
  paths: IdxFiles<string>,
  options: ReadOptions,
): Promise<DataSplits<AnyColumn>> {
  const read = async (path: string): Promise<AnyDataset> =>
    (await readDataFile(path, options)).train;
  const files: IdxFiles<AnyDataset> = {
    trainImages: await read(paths.trainImages),
    trainLabels: await read(paths.trainLabels),
    testImages: await read(paths.testImages),
    testLabels: await read(paths.testLabels),
  };
  return combineIdxFiles(name, files, { flat: known?.flat ?? false });
}
