/** One data file of any format as a data set. */
import {
  type ArrayLayout,
  arrayColumn,
  checkLength,
  decodeArray,
  layoutBytes,
  storedArrayColumn,
} from './array-layout.ts';
import { decodeCsv, openCsv } from './csv.ts';
import type { ClassNames } from './csv-field.ts';
import { DataError, grouped } from './data-error.ts';
import { type AnyColumn, createDataset, type DataSplits } from './dataset.ts';
import { bytesAsFile, type Files } from './files.ts';
import { type Format, formatOf } from './format.ts';
import { readIdxHeader } from './idx.ts';
import { decodeJsonRows } from './json-rows.ts';
import { readNpyHeader } from './npy.ts';
import { readNpz } from './npz.ts';
import { decodeSafetensorsRows } from './safetensors-rows.ts';
import { openSource, type Source } from './source.ts';
import { decodeText } from './text.ts';
import { openText } from './text-stored.ts';

export interface ReadOptions {
  readonly files: Files;
  /** Bytes of a file that may be kept in memory; what is larger stays in its file or is refused. */
  readonly memory: number;
  /** Characters in a window of text; a text is refused without it. */
  readonly window?: number | undefined;
  /** Classes of columns, and characters of texts, that are numbered already. */
  readonly classes?: ClassNames | undefined;
}

/** Throws a DataError for what is no data, and for headers that do not tell the truth. */
export async function readDataFile(
  file: string,
  options: ReadOptions,
): Promise<DataSplits<AnyColumn>> {
  const source = await openSource(file, options.files, options.memory);
  const name = file === '-' ? 'standard input' : file;
  const splits = await readers[formatOf(source.head, name)]({ ...source, file: name }, options);
  const stays = splits.train.columns.some((column) => 'stored' in column);
  if (!stays) source.plain?.close();
  return splits;
}

type Reader = (source: Source, options: ReadOptions) => Promise<DataSplits<AnyColumn>>;

const readers: Readonly<Record<Format, Reader>> = {
  idx: (source, options) => readArrayFile(source, options, readIdxHeader),
  npy: (source, options) => readArrayFile(source, options, readNpyHeader),
  npz: async (source, { memory }) =>
    readNpz(source.plain ?? bytesAsFile(await source.bytes()), source.file, memory),
  safetensors: async (source) => decodeSafetensorsRows(await source.bytes(), source.file),
  csv: async ({ file, plain, bytes }, { memory, classes }) => ({
    train:
      plain !== undefined && plain.size > memory
        ? await openCsv(plain, file, { classes })
        : decodeCsv(await bytes(), file, { classes }),
  }),
  json: async ({ file, bytes }, { classes }) => ({
    train: decodeJsonRows(await bytes(), file, { classes }),
  }),
  text: async ({ file, plain, bytes }, { memory, window, classes }) => {
    if (window === undefined) {
      throw new DataError(
        file,
        'this is plain text, and no input takes windows of characters',
        'declare `input text: u8[batch, 64]` and `input next: u8[batch, 64]`; a table of numbers is called .csv',
      );
    }
    const how = { window, vocabulary: classes?.['text'] };
    return {
      train:
        plain !== undefined && plain.size > memory
          ? await openText(plain, file, how)
          : decodeText(await bytes(), file, how),
    };
  },
};

type ReadHeader = (head: Uint8Array<ArrayBuffer>, size: number, file: string) => ArrayLayout;

/** A single array: a column called like the file. */
async function readArrayFile(
  { file, head, size, plain, bytes }: Source,
  { memory }: ReadOptions,
  readHeader: ReadHeader,
): Promise<DataSplits<AnyColumn>> {
  const layout = readHeader(head, size ?? head.length, file);
  const column = stem(file);
  if (plain !== undefined) {
    checkLength(layout, plain.size, file);
    if (plain.size > memory) {
      const stored = await storedArrayColumn(column, layout, plain, file);
      return { train: createDataset(file, [stored]) };
    }
  }
  const promised = layout.start + layoutBytes(layout);
  if (promised > memory) {
    throw new DataError(
      file,
      `its header promises ${grouped(promised)} bytes, more than the ${grouped(memory)} that are kept in memory`,
      'unpack the file first: an IDX or NPY file that is not packed is read piece by piece',
    );
  }
  const all = await bytes(promised);
  checkLength(layout, all.length, file);
  const values = decodeArray(layout, all.subarray(layout.start), file);
  return { train: createDataset(file, [arrayColumn(column, layout, values, file)]) };
}

/** `x` for `data/x.npy.gz`. */
export const stem = (file: string): string =>
  (file.split(/[/\\]/).at(-1) ?? file).replace(/\.gz$/i, '').replace(/\.[^.]*$/, '') || file;
