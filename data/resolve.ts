/**
 * From the name in `train { data: "…" }` and the places where data may lie to the data set
 * itself.
 */
import type { ClassNames } from './csv-field.ts';
import { DataError } from './data-error.ts';
import type { AnyColumn, DataSplits } from './dataset.ts';
import type { Files } from './files.ts';
import { readFolder, wantedFiles } from './folder.ts';
import { generators } from './generators.ts';
import { MOST_BYTES } from './gzip.ts';
import { knownDatasets } from './known-datasets.ts';
import { type ReadOptions, readDataFile } from './read-file.ts';

/** Where to look, in this order, and how to read what is found. */
export interface DataPlaces {
  /** `--data`: a file or a folder; when given, nothing else is looked at. */
  readonly data?: string | undefined;
  /** The value of `NNC_DATA`: a folder. */
  readonly env?: string | undefined;
  /** The folder for downloaded data, such as `~/.cache/nnc/data`. */
  readonly cacheFolder: string;
  readonly files: Files;
  /** Bytes of a file that are kept in memory; rows of a larger one are read when they are needed. 1 GiB when not given. */
  readonly memory?: number | undefined;
  /** Characters in a window, where texts may be read. */
  readonly window?: number | undefined;
  /** Classes and characters that are numbered already, by column: those of the data that were trained on. */
  readonly classes?: ClassNames | undefined;
}

/**
 * The data set called `name`. Some are built in (`generators`); `mnist`, `mnist_flat`, `fashion_mnist`
 * are four IDX files in a folder, `digits` is a CSV file. Any other name is a path of a file or folder, or
 * the name of a folder of IDX files or of a file in one of the places. Throws a DataError that says
 * what is missing where, and how to get it.
 */
export async function resolveDataset(
  name: string,
  places: DataPlaces,
): Promise<DataSplits<AnyColumn>> {
  const { files, memory = MOST_BYTES, window, classes } = places;
  const options: ReadOptions = { files, memory, window, classes };
  if (places.data !== undefined) return await readPath(name, places.data, options);
  const generate = generators.get(name);
  if (generate !== undefined) return generate();
  if (isPath(name)) return await readPath(name, name, options);
  const folder = knownDatasets.get(name)?.folder ?? name;
  const inEnv = places.env === undefined || places.env === '' ? [] : [places.env];
  for (const place of [...inEnv, places.cacheFolder]) {
    // A folder of IDX files does not say which data set they are: without a folder of that name,
    // they are taken for MNIST.
    const found =
      (await readFolder(name, `${place}/${folder}`, options, 'all')) ??
      (await readFolder(name, place, options, folder === 'mnist' ? 'idx' : 'named'));
    if (found !== undefined) return found;
  }
  throw notFound(name, inEnv, places.cacheFolder);
}

const isPath = (name: string): boolean => name === '-' || /[/\\]|\.\w+$/.test(name);

async function readPath(
  name: string,
  path: string,
  options: ReadOptions,
): Promise<DataSplits<AnyColumn>> {
  const { files } = options;
  if (!(await files.exists(path))) throw new DataError(path, 'there is no such file or folder');
  const known = knownDatasets.get(name);
  if ((await files.list(path)) === undefined) {
    const splits = await readDataFile(path, options);
    return known?.arrange === undefined
      ? splits
      : { ...splits, train: known.arrange(splits.train) };
  }
  const found =
    (await readFolder(name, path, options, 'all')) ??
    (await readFolder(name, `${path}/${known?.folder ?? name}`, options, 'all'));
  if (found !== undefined) return found;
  throw new DataError(
    path,
    `no data for \`${name}\` in this folder`,
    `it is expected to hold ${wantedFiles(name)}${known === undefined ? '' : `, from ${known.source}`}`,
  );
}

function notFound(name: string, env: readonly string[], cacheFolder: string): DataError {
  const known = knownDatasets.get(name);
  if (known === undefined) {
    const names = [...generators.keys(), ...knownDatasets.keys()].join(', ');
    return new DataError(
      name,
      'no data set of this name is known or found',
      `known are ${names}; or give a file or a folder with --data PATH`,
    );
  }
  const looked = [...env, cacheFolder].join(' and ');
  return new DataError(
    name,
    `the data set is not on this machine (looked in ${looked})`,
    [
      `fetch ${known.files.length === 1 ? 'this file' : 'these files'} from ${known.source}`,
      ...known.files.map((file) => `  ${file}`),
      'then do one of these:',
      '  give their folder with --data FOLDER',
      `  set NNC_DATA to their folder, or to the folder that has them in ${known.folder}/`,
      `  put them into ${cacheFolder}/${known.folder}`,
    ].join('\n'),
  );
}
