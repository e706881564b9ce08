/** Data files for a program in Node: the readers that the command has. */
import { type AnyColumn, type DataSplits, resolveDataset, take } from '../data/index.ts';
import { nodeFiles } from '../data/node-files.ts';
import { cacheFolder } from '../host/node.ts';
import { explain } from './session/explain.ts';

/** How `loadData` reads. */
export interface LoadOptions {
  /** Bytes of a file that are kept in memory; rows of a larger one are read when they are needed. */
  readonly memory?: number;
  /** Characters in a row of a text. */
  readonly window?: number;
  /** Only so many rows to train on, the first ones; those to test on stay. */
  readonly limit?: number;
}

/**
 * The data set of a file or folder (IDX, CSV, NPY, NPZ, JSON, text, safetensors) or of a name, such as `glyphs`: rows to train on
 * and, perhaps, to test on, as `fit`, `evaluate` and `dataset` take them. Throws DataError, which says what is missing where.
 */
export async function loadData(
  source: string,
  { memory, window, limit }: LoadOptions = {},
): Promise<DataSplits<AnyColumn>> {
  try {
    const splits = await resolveDataset(source, {
      env: process.env['NNC_DATA'],
      cacheFolder: `${cacheFolder()}/data`,
      files: nodeFiles,
      memory,
      window,
    });
    return limit === undefined ? splits : { ...splits, train: take(splits.train, limit) };
  } catch (error) {
    throw explain(error);
  }
}
