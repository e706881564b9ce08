/**
 * Tables of numbers and class names: comma, semicolon, tab or blank separated, quoted fields, with
 * a header or without. Each column of the table becomes a column of the data set, with one number a row.
 */
import { type ClassNames, type CsvColumn, MOST_CLASSES } from './csv-field.ts';
import { createCsvSplitter } from './csv-records.ts';
import { type CsvScan, type CsvTable, createCsvScan } from './csv-scan.ts';
import { createBlockIndex, createStoredTable } from './csv-stored.ts';
import { grouped } from './data-error.ts';
import {
  type AnyColumn,
  type Column,
  createDataset,
  type Dataset,
  type StoredColumn,
} from './dataset.ts';
import { markOf, type OpenFile } from './files.ts';

export interface CsvOptions {
  /** Columns of texts whose classes are numbered already, by the data that were trained on. */
  readonly classes?: ClassNames | undefined;
}

/**
 * Decodes a CSV file. The first line is a header or data, as `readCsvHead` decides. A column whose
 * fields are all written as integers (no point, no exponent) is of integer kind: u8 when 0 to 255
 * suffices, else i32; other numbers are f32. A column of texts holds classes, numbered in the order of
 * their sorted names; more than 1,000 different texts are left out.
 *
 * A DataError names the line of a ragged row, of a missing value, and of a number among texts or a
 * text among numbers.
 */
export function decodeCsv(
  bytes: Uint8Array<ArrayBuffer>,
  file: string,
  { classes }: CsvOptions = {},
): Dataset {
  const splitter = createCsvSplitter(file);
  const scan = createCsvScan(file, { keep: true, classes });
  scan.add(splitter.push(bytes));
  scan.add(splitter.end());
  return assemble(file, scan.finish(), ({ info, values = new Float64Array(0) }): Column => {
    switch (info.dtype) {
      case 'u8':
        return { ...info, values: Uint8Array.from(values) };
      case 'i32':
        return { ...info, values: Int32Array.from(values) };
      case 'f32':
        return { ...info, values: Float32Array.from(values) };
      default:
        return info.dtype satisfies never;
    }
  });
}

/** The same table, checked in one pass, whose rows stay in the file. */
export async function openCsv(
  source: OpenFile,
  file: string,
  { classes }: CsvOptions = {},
): Promise<Dataset<StoredColumn>> {
  const index = createBlockIndex();
  const scan = createCsvScan(file, { keep: false, classes, onRow: index.add });
  await readPieces(source, file, scan);
  const mark = await markOf(source);
  const table = scan.finish();
  const columns = table.fields.map((field) => field.describe());
  const read = createStoredTable({ source, file, separator: table.separator, index, columns });
  return assemble(file, table, ({ info }, place) => ({
    ...info,
    stored: {
      rows: table.rows,
      mark: `${mark} field ${place}`,
      read: (rows) => read(rows, place, info.dtype),
    },
  }));
}

/** Bytes that are looked at at once. */
const PIECE = 1 << 20;

async function readPieces(source: OpenFile, file: string, scan: CsvScan): Promise<void> {
  const splitter = createCsvSplitter(file);
  for (let from = 0; from < source.size; ) {
    const piece = await source.read(from, PIECE);
    if (piece.length === 0) break;
    scan.add(splitter.push(piece));
    from += piece.length;
  }
  scan.add(splitter.end());
}

function assemble<C extends AnyColumn>(
  file: string,
  { head, fields }: CsvTable,
  toColumn: (column: CsvColumn, place: number) => C,
): Dataset<C> {
  const columns: C[] = [];
  const notes: string[] = [];
  for (const [place, field] of fields.entries()) {
    const column = field.describe();
    if (column === undefined) {
      const name = head.names[place] ?? '';
      notes.push(`\`${name}\` has more than ${grouped(MOST_CLASSES)} different texts: left out`);
      continue;
    }
    const isLast = place === fields.length - 1;
    const classes = isLast && column.info.kind === 'integer' ? head.promise?.classes : undefined;
    const info = classes === undefined ? column.info : { ...column.info, classes };
    columns.push(toColumn({ ...column, info }, place));
  }
  return createDataset(file, columns, notes);
}
