/** Rows of a table that stays in its file: an index of where rows begin, and the rows read by number. */
import type { CsvColumn } from './csv-field.ts';
import { type CsvRecord, createCsvSplitter, cutRecord, type Separator } from './csv-records.ts';
import { DataError } from './data-error.ts';
import type { ColumnInfo, ColumnValues } from './dataset.ts';
import { allocate } from './element-type.ts';
import type { OpenFile } from './files.ts';

/** A file's page: what a read costs at least. */
const BLOCK = 4096;

/** Where each block of rows begins: its first row, and that row's byte. */
export interface BlockIndex {
  add(record: CsvRecord): void;
  /** The block that has row number `row`, and where the next one begins. */
  find(row: number): { readonly first: number; readonly from: number; readonly to: number };
}

/** Needs some 0.4 % of the file's size. */
export function createBlockIndex(): BlockIndex {
  const firstRows: number[] = [];
  const bytes: number[] = [];
  let rows = 0;
  return {
    add({ from }) {
      const last = bytes.at(-1);
      if (last === undefined || from - last >= BLOCK) {
        firstRows.push(rows);
        bytes.push(from);
      }
      rows += 1;
    },
    find(row) {
      let low = 0;
      let high = firstRows.length;
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if ((firstRows[middle] ?? 0) <= row) low = middle;
        else high = middle;
      }
      return { first: firstRows[low] ?? 0, from: bytes[low] ?? 0, to: bytes[low + 1] ?? Infinity };
    },
  };
}

export interface StoredTable {
  readonly source: OpenFile;
  readonly file: string;
  readonly separator: Separator;
  readonly index: BlockIndex;
  /** What each field is; undefined for one that is left out. */
  readonly columns: readonly (CsvColumn | undefined)[];
}

/** Reads one field of the rows of these numbers. */
export type ReadField = (
  rows: Uint32Array,
  field: number,
  dtype: ColumnInfo['dtype'],
) => Promise<ColumnValues>;

/** A batch asks for the same rows of one column after the other, so the last ones asked for are kept. */
export function createStoredTable({
  source,
  file,
  separator,
  index,
  columns,
}: StoredTable): ReadField {
  let last:
    | { readonly rows: Uint32Array; readonly fields: readonly (readonly string[])[] }
    | undefined;

  return async (rows, field, dtype) => {
    if (last === undefined || !sameRows(last.rows, rows)) {
      last = { rows: rows.slice(), fields: await readRows(rows) };
    }
    const values = allocate(dtype, rows.length);
    const numbers = columns[field]?.numbers;
    for (const [row, fields] of last.fields.entries()) {
      const text = fields[field];
      const value = text === undefined ? undefined : (numbers?.get(text) ?? Number(text));
      if (value === undefined || Number.isNaN(value)) throw changed(file);
      values[row] = value;
    }
    return values;
  };

  async function readRows(rows: Uint32Array): Promise<readonly (readonly string[])[]> {
    const found: (readonly string[])[] = [];
    const places = Array.from(rows.keys()).sort((a, b) => (rows[a] ?? 0) - (rows[b] ?? 0));
    let block: { readonly first: number; readonly records: readonly CsvRecord[] } | undefined;
    for (const place of places) {
      const row = rows[place] ?? 0;
      if (block === undefined || row >= block.first + block.records.length) {
        block = await readBlock(row);
      }
      const record = block.records[row - block.first];
      if (record === undefined) throw changed(file);
      found[place] = cutRecord(record, separator, file);
    }
    return found;
  }

  async function readBlock(row: number) {
    const { first, from, to } = index.find(row);
    const bytes = await source.read(from, Math.min(to, source.size) - from);
    const splitter = createCsvSplitter(file);
    return { first, records: [...splitter.push(bytes), ...splitter.end()] };
  }
}

const changed = (file: string): DataError =>
  new DataError(file, 'the file has changed while it was in use', 'start again');

const sameRows = (left: Uint32Array, right: Uint32Array): boolean =>
  left.length === right.length && left.every((row, at) => row === right[at]);
