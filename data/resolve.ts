/**
 * From the name in `train { data: "…" }` and the places where data may lie to the data set
 * itself.
 */
import { decodeCsv } from './csv.ts';
import { DataError } from './data-error.ts';
import type { DataSplits } from './dataset.ts';
import type { Files } from './files.ts';
import { glyphs } from './glyphs/glyphs.ts';
import { gunzip } from './gzip.ts';
import { type KnownDataset, knownDatasets } from './known-datasets.ts';
import { decodeMnist, type IdxFiles, idxFileNames, type NamedBytes } from './mnist.ts';

/** Where to look, in this order. */
export interface DataPlaces {
  /** `--data`: a file or a folder; when given, nothing else is looked at. */
  readonly data?: string | undefined;
  /** The value of `NNC_DATA`: a folder. */
  readonly env?: string | undefined;
  /** The folder for downloaded data, such as `~/.cache/nnc/data`. */
  readonly cacheFolder: string;
  readonly files: Files;
}

/**
 * The data set called `name`: `glyphs` is built in; `mnist`, `mnist_flat`, `fashion_mnist` are four IDX
 * files in a folder, `digits` is a CSV file. Any other name is a path, or the name of a folder of IDX
 * files or of `name.csv` in one of the places. All files may be gzipped. Throws a DataError that says
 * what is missing where, and how to get it.
 */
export async function resolveDataset(name: string, places: DataPlaces): Promise<DataSplits> {
  if (places.data !== undefined) return readPath(name, places.data, places.files);
  if (name === 'glyphs') return glyphs();
  if (/[/\\]/.test(name) || isTable(name)) return readPath(name, name, places.files);
  const folder = knownDatasets.get(name)?.folder ?? name;
  const inEnv = places.env === undefined || places.env === '' ? [] : [places.env];
  for (const place of [...inEnv, places.cacheFolder]) {
    // A folder of IDX files does not say which data set they are: without a folder of that name,
    // they are taken for MNIST.
    const found =
      (await readFolder(name, `${place}/${folder}`, places.files, true)) ??
      (await readFolder(name, place, places.files, folder === 'mnist'));
    if (found !== undefined) return found;
  }
  throw notFound(name, inEnv, places.cacheFolder);
}

const isTable = (name: string): boolean => /\.(?:csv|tsv|txt)(?:\.gz)?$/.test(name);

async function readPath(name: string, path: string, files: Files): Promise<DataSplits> {
  if (!(await files.exists(path))) throw new DataError(path, 'there is no such file or folder');
  if ((await files.list(path)) === undefined) return readTable(name, path, files);
  const folder = knownDatasets.get(name)?.folder ?? name;
  const found =
    (await readFolder(name, path, files, true)) ??
    (await readFolder(name, `${path}/${folder}`, files, true));
  if (found !== undefined) return found;
  const known = knownDatasets.get(name);
  const table = isTable(name) ? [name] : [...Object.values(idxFileNames), `${name}.csv`];
  const wanted = known?.files ?? table;
  throw new DataError(
    path,
    `no data for \`${name}\` in this folder`,
    `it is expected to hold ${wanted.join(', ')}${known === undefined ? '' : `, from ${known.source}`}`,
  );
}

/** The data set in this very folder: IDX files (if `idx`), else a CSV file of its name. */
async function readFolder(
  name: string,
  folder: string,
  files: Files,
  idx: boolean,
): Promise<DataSplits | undefined> {
  const names = await files.list(folder);
  if (names === undefined) return undefined;
  const known = knownDatasets.get(name);
  if (idx) {
    const paths = findIdxFiles(folder, names);
    if (paths !== undefined) return readIdxFiles(name, known, paths, files);
  }
  const stem = known?.folder ?? name;
  const spellings = [`${stem}.csv`, `${stem}.csv.gz`, ...(isTable(stem) ? [stem] : [])];
  const table = spellings.find((candidate) => names.includes(candidate));
  return table === undefined ? undefined : readTable(name, `${folder}/${table}`, files);
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
  files: Files,
): Promise<DataSplits> {
  const loaded: IdxFiles = {
    trainImages: await readNamed(paths.trainImages, files),
    trainLabels: await readNamed(paths.trainLabels, files),
    testImages: await readNamed(paths.testImages, files),
    testLabels: await readNamed(paths.testLabels, files),
  };
  return decodeMnist(name, loaded, { flat: known?.flat ?? false });
}

async function readTable(name: string, path: string, files: Files): Promise<DataSplits> {
  const { bytes } = await readNamed(path, files);
  const unpacked = await gunzip(bytes, path);
  if (unpacked[0] === 0 && unpacked[1] === 0) {
    throw new DataError(
      path,
      'this looks like a single IDX file, not like a table',
      'give the folder that holds the images and the labels',
    );
  }
  const table = decodeCsv(decodeText(unpacked, path), path);
  return { train: knownDatasets.get(name)?.arrange?.(table) ?? table };
}

function decodeText(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new DataError(file, 'the file is no UTF-8 text', 'a CSV file is expected here');
  }
}

async function readNamed(file: string, files: Files): Promise<NamedBytes> {
  try {
    return { file, bytes: await files.read(file) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DataError(file, `the file cannot be read: ${reason}`);
  }
}

function notFound(name: string, env: readonly string[], cacheFolder: string): DataError {
  const known = knownDatasets.get(name);
  if (known === undefined) {
    const names = ['glyphs', ...knownDatasets.keys()].join(', ');
    return new DataError(
      name,
      'no data set of this name is known or found',
      `known are ${names}; or give a CSV file or a folder of IDX files with --data PATH`,
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
