/**
 * Reads tables of numbers: comma, semicolon, tab or blank separated, quoted fields, with a
 * header or without. Each column of the table becomes a column of the data set, with one number
 * a row.
 */
import { type CsvRecord, csvRecords } from './csv-records.ts';
import { counted, DataError, grouped } from './data-error.ts';
import { type Column, createDataset, type Dataset } from './dataset.ts';

const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const integer = /^[+-]?\d+$/;
/** Written numbers that are none: they do not make a header of the first line, nor are they data. */
const notFinite = /^[+-]?(?:nan|inf|infinity)$/i;

/**
 * Decodes the text of a CSV file. The first line is a header when one of its fields is no number;
 * without one the columns are called c0, c1, … A first line like scikit-learn's
 * `150,4,setosa,versicolor,virginica` (rows, features, class names) is recognised, checked, and names
 * the classes of the last column. A column whose fields are all written as integers (no point, no
 * exponent) is of integer kind: u8 when 0 to 255 suffices, else i32; all others are f32.
 *
 * A DataError names the line of a ragged row or of a field that is no finite number.
 */
export function decodeCsv(text: string, file: string): Dataset {
  const { records, fields } = csvRecords(text, file);
  const [first, second] = records;
  if (first === undefined) throw new DataError(file, 'the file is empty');
  const head = fields(first);
  const classes = second === undefined ? undefined : readClassHeader(head, fields(second));
  const hasNames = classes === undefined && head.some(isWord);
  const rows = hasNames || classes !== undefined ? records.slice(1) : records;
  const [model] = hasNames ? records : rows;
  if (model === undefined || rows.length === 0) {
    throw new DataError(file, 'there is a header, but no rows follow');
  }
  if (classes !== undefined) checkRowCount(classes, rows.length, file);
  const names = hasNames ? headerNames(head) : defaultNames(fields(model).length);
  const table = readTable(rows, fields, names, model.line, file);
  const columns = names.map((name, index) => tableColumn(table, index, name));
  const last = columns.at(-1);
  if (classes !== undefined && last?.kind === 'integer') {
    columns[columns.length - 1] = { ...last, classes: classes.names };
  }
  return createDataset(file, columns);
}

interface ClassHeader {
  readonly rows: number;
  readonly names: readonly string[];
}

/** A first line `rows,features,name,…` over rows of features + 1 numbers. */
function readClassHeader(
  first: readonly string[],
  second: readonly string[],
): ClassHeader | undefined {
  const [rows = '', features = '', ...names] = first;
  const counts = integer.test(rows) && integer.test(features);
  const fits = names.length > 0 && names.every(isWord);
  if (!counts || !fits || second.length !== Number(features) + 1) return undefined;
  return { rows: Number(rows), names };
}

function checkRowCount(header: ClassHeader, rows: number, file: string): void {
  if (rows === header.rows) return;
  throw new DataError(
    file,
    `the first line promises ${counted(header.rows, 'row')}, the file has ${grouped(rows)}`,
  );
}

function isWord(field: string): boolean {
  return field !== '' && !number.test(field) && !notFinite.test(field);
}

function defaultNames(width: number): readonly string[] {
  return Array.from({ length: width }, (_, index) => `c${index}`);
}

function headerNames(header: readonly string[]): readonly string[] {
  return header.map((field, index) => (field === '' ? `c${index}` : field));
}

/** All numbers of the file, row-major, and whether each column is written in integers only. */
interface Table {
  readonly rows: number;
  readonly width: number;
  readonly numbers: Float64Array;
  readonly whole: readonly boolean[];
}

function readTable(
  records: readonly CsvRecord[],
  fields: (record: CsvRecord) => readonly string[],
  names: readonly string[],
  modelLine: number,
  file: string,
): Table {
  const width = names.length;
  const numbers = new Float64Array(records.length * width);
  const whole = names.map(() => true);
  for (const [row, record] of records.entries()) {
    const found = fields(record);
    if (found.length !== width) throw ragged(file, record.line, found.length, modelLine, width);
    for (const [index, field] of found.entries()) {
      const value = Number(field);
      if (!number.test(field) || !Number.isFinite(Math.fround(value))) {
        throw notANumber(file, record.line, names[index] ?? '', field);
      }
      numbers[row * width + index] = value;
      if (!integer.test(field)) whole[index] = false;
    }
  }
  return { rows: records.length, width, numbers, whole };
}

function tableColumn({ rows, width, numbers, whole }: Table, index: number, name: string): Column {
  const values = new Float64Array(rows);
  let low = 0;
  let high = 0;
  for (let row = 0; row < rows; row++) {
    const value = numbers[row * width + index] ?? 0;
    values[row] = value;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (whole[index] === true && low >= 0 && high <= 255) {
    return { name, dtype: 'u8', kind: 'integer', rowShape: [], values: Uint8Array.from(values) };
  }
  if (whole[index] === true && low >= -(2 ** 31) && high < 2 ** 31) {
    return { name, dtype: 'i32', kind: 'integer', rowShape: [], values: Int32Array.from(values) };
  }
  return { name, dtype: 'f32', kind: 'float', rowShape: [], values: Float32Array.from(values) };
}

function ragged(
  file: string,
  line: number,
  found: number,
  modelLine: number,
  width: number,
): DataError {
  return new DataError(
    file,
    `line ${line} has ${counted(found, 'field')}, line ${modelLine} has ${grouped(width)}`,
    'every line needs the same number of fields',
  );
}

function notANumber(file: string, line: number, name: string, field: string): DataError {
  const found = field === '' ? 'is empty' : `is "${field}", not a finite number`;
  return new DataError(
    file,
    `line ${line}: \`${name}\` ${found}`,
    'fill in missing values and replace class names by 0, 1, … first',
  );
}
