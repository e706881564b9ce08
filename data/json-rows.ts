/**
 * Rows written in JSON: an array of them, or one on each line. A row is an object of columns, or the
 * value of a single column `x`; values are numbers, booleans, class names, and lists of them.
 */
import type { ClassNames } from './csv-field.ts';
import { DataError, grouped } from './data-error.ts';
import { type Column, createDataset, type Dataset } from './dataset.ts';
import { createGrowing, type Growing } from './growing.ts';

/** A JavaScript text cannot be much longer. */
const longestText = 2 ** 28;
const deepest = 8;
const onlyColumn = 'x';

interface OpenColumn {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Growing;
  /** The names, where the column has class names in place of numbers. */
  readonly words?: string[];
  whole: boolean;
}

/** A DataError names the line or row of what is missing, misshapen or no number. */
export function decodeJsonRows(
  bytes: Uint8Array<ArrayBuffer>,
  file: string,
  { classes = {} }: { readonly classes?: ClassNames | undefined } = {},
): Dataset {
  const rows = parseRows(textOf(bytes, file), file);
  const [first] = rows;
  if (first === undefined) throw new DataError(file, 'there are no rows');
  const columns = columnsOf(first).map(([name, value]): OpenColumn => {
    const shape = shapeOf(value, place(first, name), file);
    const isText = typeof leaf(value) === 'string';
    return { name, shape, values: createGrowing(), whole: true, ...(isText ? { words: [] } : {}) };
  });
  for (const row of rows) addRow(columns, row, file);
  return createDataset(
    file,
    columns.map((column) => toColumn(column, classes[column.name], file)),
  );
}

interface Row {
  /** `line 3`, `row 2`. */
  readonly where: string;
  readonly value: unknown;
}

function textOf(bytes: Uint8Array<ArrayBuffer>, file: string): string {
  if (bytes.length > longestText) {
    throw new DataError(
      file,
      `${grouped(bytes.length)} bytes of JSON are more than the ${grouped(longestText)} that are read`,
      'large data fit better into NPY or CSV',
    );
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new DataError(file, 'the JSON is no UTF-8 text');
  }
}

function parseRows(text: string, file: string): readonly Row[] {
  const whole = parse(text);
  if (whole !== undefined && Array.isArray(whole.value) && !isNumbers(whole.value)) {
    return whole.value.map((value: unknown, row) => ({ where: `row ${row}`, value }));
  }
  if (whole !== undefined) return [{ where: 'row 0', value: whole.value }];
  const lines = text.split('\n');
  const first = lines.find((line) => line.trim() !== '') ?? '';
  if (/^\s*\[/.test(first) && parse(first) === undefined)
    throw new DataError(file, `the array of rows is no JSON: ${reasonOf(text)}`);
  return lines.flatMap((line, at): readonly Row[] => {
    if (line.trim() === '') return [];
    const parsed = parse(line);
    if (parsed !== undefined) return [{ where: `line ${at + 1}`, value: parsed.value }];
    throw new DataError(
      file,
      `line ${at + 1} is no JSON: ${reasonOf(line)}`,
      'rows are an array, [{"x": 1}, {"x": 2}], or one on each line',
    );
  });
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function reasonOf(text: string): string {
  try {
    JSON.parse(text);
    return '';
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}

/** One row that is a list of numbers, and not several rows. */
const isNumbers = (value: readonly unknown[]): boolean =>
  value.length > 0 && value.every((one) => typeof one === 'number');

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const columnsOf = ({ value }: Row): readonly (readonly [string, unknown])[] =>
  isObject(value) ? Object.entries(value) : [[onlyColumn, value]];

const place = ({ where }: Row, name: string): string => `${where}: \`${name}\``;

function leaf(value: unknown): unknown {
  let inner = value;
  while (Array.isArray(inner)) inner = inner[0];
  return inner;
}

function shapeOf(value: unknown, where: string, file: string): readonly number[] {
  const shape: number[] = [];
  for (let inner = value; Array.isArray(inner); inner = inner[0]) {
    shape.push(inner.length);
    if (inner.length === 0) throw new DataError(file, `${where} has an empty list`);
    if (shape.length > deepest) throw new DataError(file, `${where} has more than ${deepest} axes`);
  }
  return shape;
}

function addRow(columns: readonly OpenColumn[], row: Row, file: string): void {
  const found = new Map(columnsOf(row));
  for (const column of columns) {
    if (!found.has(column.name)) throw new DataError(file, `${place(row, column.name)} is missing`);
    addValue(column, found.get(column.name), 0, [], row, file);
  }
  if (found.size === columns.length) return;
  const known = new Set(columns.map(({ name }) => name));
  const extra = [...found.keys()].find((name) => !known.has(name)) ?? '';
  throw new DataError(file, `${place(row, extra)} is a column that the first row does not have`);
}

function addValue(
  column: OpenColumn,
  value: unknown,
  axis: number,
  path: readonly number[],
  row: Row,
  file: string,
): void {
  const at = `${place(row, column.name)}${path.map((index) => `[${index}]`).join('')}`;
  const size = column.shape[axis];
  if (size !== undefined) {
    if (!Array.isArray(value) || value.length !== size) {
      const found = Array.isArray(value) ? `has a list of ${value.length}` : `is ${shown(value)}`;
      throw new DataError(file, `${at} ${found}, where the first row has a list of ${size}`);
    }
    for (const [index, inner] of value.entries())
      addValue(column, inner, axis + 1, [...path, index], row, file);
    return;
  }
  if (column.words !== undefined && typeof value === 'string') {
    column.words.push(value);
    return;
  }
  const number = typeof value === 'boolean' ? Number(value) : value;
  if (column.words !== undefined || typeof number !== 'number' || !isFinite32(number)) {
    const wanted = column.words === undefined ? 'a finite number' : 'the name of a class';
    throw new DataError(file, `${at} is ${shown(value)}, not ${wanted}`);
  }
  if (!Number.isInteger(number)) column.whole = false;
  column.values.push(number);
}

const isFinite32 = (value: number): boolean => Number.isFinite(Math.fround(value));

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (isObject(value)) return 'an object';
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

function toColumn(
  { name, shape, values, words, whole }: OpenColumn,
  known: readonly string[] | undefined,
  file: string,
): Column {
  if (words !== undefined) return classColumn(name, shape, words, known, file);
  const numbers = values.values();
  const isI32 = whole && numbers.every((value) => value === (value | 0));
  return isI32
    ? { name, dtype: 'i32', kind: 'integer', rowShape: shape, values: Int32Array.from(numbers) }
    : { name, dtype: 'f32', kind: 'float', rowShape: shape, values: Float32Array.from(numbers) };
}

function classColumn(
  name: string,
  rowShape: readonly number[],
  words: readonly string[],
  known: readonly string[] | undefined,
  file: string,
): Column {
  const classes = known ?? [...new Set(words)].sort();
  const numbers = new Map(classes.map((word, index) => [word, index]));
  const values = Int32Array.from(words, (word) => {
    const number = numbers.get(word);
    if (number !== undefined) return number;
    throw new DataError(
      file,
      `\`${name}\` is ${shown(word)}, which is none of the ${classes.length} classes that were trained on`,
      `they are ${classes.slice(0, 20).join(', ')}`,
    );
  });
  return { name, dtype: 'i32', kind: 'integer', rowShape, values, classes };
}
