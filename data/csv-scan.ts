/** One pass over the records of a table that checks every field and finds out what each column holds. */
import { type ClassNames, type CsvField, createCsvField } from './csv-field.ts';
import { type CsvHead, readCsvHead } from './csv-header.ts';
import { type CsvRecord, cutRecord, findSeparator, type Separator } from './csv-records.ts';
import { counted, DataError, grouped } from './data-error.ts';

export interface CsvScanOptions {
  /** Whether the values of all fields are kept. */
  readonly keep: boolean;
  /** Columns of texts whose classes are numbered already. */
  readonly classes?: ClassNames | undefined;
  /** Is told of every record that is a row. */
  readonly onRow?: (record: CsvRecord) => void;
}

export interface CsvTable {
  readonly rows: number;
  readonly separator: Separator;
  readonly head: CsvHead;
  readonly fields: readonly CsvField[];
}

export interface CsvScan {
  add(records: readonly CsvRecord[]): void;
  /** Throws a DataError for a table without rows. */
  finish(): CsvTable;
}

/** Each column needs memory of its own, many times that of a field. */
const mostColumns = 2 ** 16;

/** Throws DataErrors that name the line. */
export function createCsvScan(file: string, options: CsvScanOptions): CsvScan {
  let waiting: CsvRecord[] = [];
  let head: CsvHead | undefined;
  let separator: Separator = 'blank';
  let fields: readonly CsvField[] = [];
  let modelLine = 1;
  let rows = 0;

  return {
    add(records) {
      if (head !== undefined) return records.forEach(addRow);
      for (const record of records) waiting.push(record);
      if (waiting.length >= 2) begin();
    },
    finish() {
      if (head === undefined) begin();
      if (head === undefined) throw new DataError(file, 'the file is empty');
      if (rows === 0) throw new DataError(file, 'there is a header, but no rows follow');
      checkPromise(head);
      return { rows, separator, head, fields };
    },
  };

  /** Two records, or the only one, say what the first of them is. */
  function begin(): void {
    const [first, second] = waiting;
    if (first === undefined) return;
    separator = findSeparator(first.text);
    head = readCsvHead(
      cutRecord(first, separator, file),
      second && cutRecord(second, separator, file),
    );
    modelLine = head.promise === undefined ? first.line : (second ?? first).line;
    if (head.names.length > mostColumns) {
      throw new DataError(
        file,
        `line ${modelLine} has ${counted(head.names.length, 'field')}; up to ${grouped(mostColumns)} are read`,
        'rows that are so wide fit into an NPY file',
      );
    }
    const { keep, classes } = options;
    fields = head.names.map((name) => createCsvField(file, name, { keep, known: classes?.[name] }));
    const records = head.hasHeader ? waiting.slice(1) : waiting;
    waiting = [];
    records.forEach(addRow);
  }

  function addRow(record: CsvRecord): void {
    const found = cutRecord(record, separator, file);
    if (found.length !== fields.length) {
      throw new DataError(
        file,
        `line ${record.line} has ${counted(found.length, 'field')}, ` +
          `line ${modelLine} has ${grouped(fields.length)}`,
        'every line needs the same number of fields',
      );
    }
    for (let at = 0; at < found.length; at++) fields[at]?.add(found[at] ?? '', record.line);
    rows += 1;
    options.onRow?.(record);
  }

  function checkPromise({ promise }: CsvHead): void {
    if (promise === undefined || promise.rows === rows) return;
    throw new DataError(
      file,
      `the first line promises ${counted(promise.rows, 'row')}, the file has ${grouped(rows)}`,
    );
  }
}
