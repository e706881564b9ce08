/** The data set that a command works on, and its columns bound to a model's inputs. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { bindColumns } from '../compiler/elaborate/bind-columns.ts';
import type { ProgramKind } from '../compiler/programs.ts';
import {
  type AnyColumn,
  type AnyDataset,
  type ClassNames,
  DataError,
  type DataSplits,
  resolveDataset,
} from '../data/index.ts';
import { nodeFiles } from '../data/node-files.ts';
import type { File, Span } from '../grammar/index.ts';
import { cacheFolder } from '../host/node.ts';
import { checkRanges, createFeed, type Feed, neededInputs, noData } from '../train/index.ts';
import { dataMemory } from './data-memory.ts';
import { DiagnosticsError, UserError } from './failure.ts';
import type { LoadedModel } from './load-model.ts';
import { textWindow } from './text-window.ts';

/** What the command line and the weights say of the data. */
export interface DataOptions {
  /** `--data`. */
  readonly data?: string | undefined;
  /** `--window`. */
  readonly window?: number | undefined;
  /** How the data that were trained on number their classes and characters. */
  readonly classes?: ClassNames | undefined;
}

/**
 * The data set of `--data` or, without it, the one that the file's `train` section names. Throws
 * DataError where it is not to be had, UserError where none is named.
 */
export async function loadData(
  loaded: LoadedModel,
  options: DataOptions,
  env: NodeJS.ProcessEnv,
): Promise<DataSplits<AnyColumn>> {
  const { model, source } = loaded;
  const named = model.train.data;
  const option = options.data;
  if (named === undefined && option === undefined)
    throw new UserError(
      `${source.name} does not say which data to use`,
      'give them with --data (a file, a folder, or a name such as glyphs), or in the file: `train { data: "mnist" }`',
    );
  // A bare word that is no path is the name of a data set: `--data glyphs`.
  const isName = option !== undefined && /^\w+$/.test(option) && !existsSync(option);
  const name = (isName ? option : named) ?? path.basename(option ?? '');
  const beside = option === undefined ? besideModel(name, loaded.path) : undefined;
  const given = isName ? undefined : (option ?? beside);
  return await resolve(loaded, name, given, options, env);
}

/** The rows of another file, such as `validation: "val.csv"`, read as `like` was. */
export async function loadMore(
  loaded: LoadedModel,
  file: string,
  options: DataOptions,
  env: NodeJS.ProcessEnv,
): Promise<AnyDataset> {
  const given = besideModel(file, loaded.path) ?? file;
  const { train } = await resolve(loaded, path.basename(given), given, options, env);
  return train;
}

async function resolve(
  { model }: LoadedModel,
  name: string,
  data: string | undefined,
  { window, classes }: DataOptions,
  env: NodeJS.ProcessEnv,
): Promise<DataSplits<AnyColumn>> {
  return await resolveDataset(name, {
    data,
    env: env['NNC_DATA'],
    cacheFolder: path.join(cacheFolder(env), 'data'),
    files: nodeFiles,
    memory: dataMemory(env),
    window: textWindow(model, window),
    classes,
  });
}

/** A path in the file counts from where the command runs or, if nothing is there, from the file's own folder. */
function besideModel(data: string, model: string): string | undefined {
  const beside = path.join(path.dirname(model), data);
  return /[/\\.]/.test(data) && !existsSync(data) && existsSync(beside) ? beside : undefined;
}

/** Rows to measure or to predict: those for testing where there are some. */
export const testRows = ({ train, test }: DataSplits<AnyColumn>): AnyDataset => test ?? train;

/** The inputs that programs of this kind need, fed with rows. Throws DiagnosticsError NN0504 and NN0505, or DataError. */
export async function feedFor(
  loaded: LoadedModel,
  kind: ProgramKind,
  dataset: AnyDataset,
): Promise<Feed> {
  const { model, file, source, sources } = loaded;
  const inputs = neededInputs(model, kind);
  if (inputs.length === 0) return noData;
  const place = { file: source.name, span: placeOfData(file) };
  const { mapping, diagnostic } = bindColumns(inputs, dataset.columns, {
    ...(model.train.columns === undefined ? {} : { map: model.train.columns }),
    data: dataset.name,
    place,
  });
  if (diagnostic !== undefined) throw new DiagnosticsError([diagnostic], sources);
  const feed = createFeed(inputs, dataset, mapping ?? {});
  const outside = await checkRanges(inputs, feed, source.name);
  if (outside.length > 0) throw new DiagnosticsError(outside, sources);
  return feed;
}

/** Where the file speaks of its data: `data:`, else the `train` section, else its first input. */
function placeOfData(file: File): Span {
  for (const item of file.items) {
    if (item.kind !== 'train') continue;
    const entry = item.entries.find(({ key }) => key.text === 'columns' || key.text === 'data');
    return entry?.span ?? item.span;
  }
  return file.items.find((item) => item.kind === 'input')?.span ?? { start: 0, end: 0 };
}

/** For `validation:` and messages. Throws where the data set has no such rows. */
export function testSplit({ train, test }: DataSplits<AnyColumn>): AnyDataset {
  if (test !== undefined) return test;
  throw new DataError(
    train.name,
    'this data set has no rows set apart for testing',
    'a fraction splits some off: `validation: 0.1`, or --validation 0.1',
  );
}
