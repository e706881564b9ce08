/** Data files for a program in Node: the readers that the command has. */
import { type AnyColumn, type DataSplits, resolveDataset } from '../data/index.ts';
import { nodeFiles } from '../data/node-files.ts';
import { cacheFolder } from '../host/node.ts';
import { explain } from './session/explain.ts';

/** How `loadData` reads. */
export interface LoadOptions {
  /** Bytes of a file that are kept in memory; rows of a larger one are read when they are needed. */
  readonly memory?: number;
  /** Characters in a row of a text. */
  readonly window?: number;
}

/**
 * The data set of a file or folder (IDX, CSV, NPY, NPZ, JSON, text, safetensors) or of a name, such as `glyphs`: rows to train on
 * and, perhaps, to test on, as `fit`, `evaluate` and `dataset` take them. Throws DataError, which says what is missing where.
 */
export async function loadData(
  source: string,
  { memory, window }: LoadOptions = {},
): Promise<DataSplits<AnyColumn>> {
  try {
    return await resolveDataset(source, {
      env: process.env['NNC_DATA'],
      cacheFolder: `${cacheFolder()}/data`,
      files: nodeFiles,
      memory,
      window,
    });
  } catch (error) {
    throw explain(error);
  }
}
