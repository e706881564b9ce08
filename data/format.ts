/** Which format a file has, by its first bytes; its name only decides between a table and a text. */
import { isNumber } from './csv-header.ts';
import { createCsvSplitter, cutRecord, findSeparator } from './csv-records.ts';
import { DataError } from './data-error.ts';
import { isGzip } from './gzip.ts';
import { looksLikeIdx } from './idx.ts';
import { looksLikeNpy } from './npy.ts';
import { opening } from './opening.ts';
import { looksLikeSafetensors } from './safetensors-rows.ts';
import { looksLikeZip } from './zip.ts';

export type Format = 'idx' | 'npy' | 'npz' | 'safetensors' | 'csv' | 'json' | 'text';

/** Formats that people bring and that are not read, by their first bytes. */
const strangers: readonly (readonly [name: string, bytes: readonly number[]])[] = [
  ['HDF5', [0x89, 0x48, 0x44, 0x46]],
  ['PNG', [0x89, 0x50, 0x4e, 0x47]],
  ['JPEG', [0xff, 0xd8, 0xff]],
  ['Parquet', [0x50, 0x41, 0x52, 0x31]],
  ['pickle', [0x80, 0x02]],
  ['pickle', [0x80, 0x03]],
  ['pickle', [0x80, 0x04]],
  ['pickle', [0x80, 0x05]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['PDF', [0x25, 0x50, 0x44, 0x46]],
];

/** Files that are called so begin in a way of their own. */
const binaryNames: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['NPY', /\.npy$/i],
  ['NPZ', /\.npz$/i],
  ['safetensors', /\.safetensors$/i],
  ['IDX', /[.-]idx\d(?:-ubyte)?$/i],
];

const readable = 'IDX, NPY, NPZ, CSV, JSON, safetensors and plain text are read, each also as .gz';

/** Throws a DataError for a file that is empty or of no known format. */
export function formatOf(head: Uint8Array<ArrayBuffer>, file: string): Format {
  if (head.length === 0) throw new DataError(file, 'the file is empty');
  if (looksLikeNpy(head)) return 'npy';
  if (looksLikeZip(head)) return 'npz';
  if (looksLikeIdx(head)) return 'idx';
  if (looksLikeSafetensors(head)) return 'safetensors';
  if (isGzip(head)) {
    throw new DataError(file, 'the file is packed twice', 'unpack it once: `gunzip FILE`');
  }
  const stranger = strangers.find(([, bytes]) => bytes.every((byte, at) => head[at] === byte));
  if (stranger !== undefined)
    throw new DataError(file, `${stranger[0]} files are not read`, readable);
  const binary = binaryNames.find(([, pattern]) => pattern.test(file.replace(/\.gz$/i, '')));
  if (binary !== undefined) {
    throw new DataError(
      file,
      `its name says ${binary[0]}, but it opens with ${opening(head)}`,
      'a download that failed often leaves a page that says why',
    );
  }
  const isUtf16 = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  if (!isUtf16 && head.includes(0)) {
    throw new DataError(
      file,
      `byte ${head.indexOf(0)} is NUL, so this is no text, and it opens like no format that is known`,
      readable,
    );
  }
  return textFormat(head, file);
}

function textFormat(head: Uint8Array<ArrayBuffer>, file: string): Format {
  const name = file.replace(/\.gz$/i, '');
  if (/\.(?:csv|tsv)$/i.test(name)) return 'csv';
  if (/\.jsonl?$/i.test(name)) return 'json';
  const first = head.find((byte) => byte > 0x20);
  const opensLikeJson = first === 0x7b || first === 0x5b;
  if (opensLikeJson && !/\.txt$/i.test(name)) return 'json';
  return looksLikeTable(head, file) ? 'csv' : 'text';
}

/** A table's second line has as many fields as its first, and a number among them. */
function looksLikeTable(head: Uint8Array<ArrayBuffer>, file: string): boolean {
  const cutOff = head.lastIndexOf(10);
  try {
    const splitter = createCsvSplitter(file);
    const whole = cutOff < 0 ? head : head.subarray(0, cutOff + 1);
    const [first, second] = [...splitter.push(whole), ...splitter.end()];
    if (first === undefined) return true;
    const separator = findSeparator(first.text);
    const fields = [first, second ?? first].map((record) => cutRecord(record, separator, file));
    const [top = [], below = []] = fields;
    return top.length === below.length && below.some(isNumber);
  } catch (error) {
    if (error instanceof DataError) return false;
    throw error;
  }
}
