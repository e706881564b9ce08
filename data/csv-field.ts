/** One field of all records of a table: what it holds, found out value by value. */
import { isInteger, isNumber, isWord } from './csv-header.ts';
import { DataError, grouped } from './data-error.ts';
import type { ColumnInfo } from './dataset.ts';
import { createGrowing } from './growing.ts';

/** The names of the classes of columns, in the order of their numbers. */
export type ClassNames = Readonly<Record<string, readonly string[]>>;

/** What a column of the table is. */
export interface CsvColumn {
  readonly info: ColumnInfo;
  /** The number of each text; absent in a column of numbers. */
  readonly numbers?: ReadonlyMap<string, number>;
  /** All values, where they were kept. */
  readonly values?: Float64Array;
}

export interface CsvField {
  /** Throws a DataError for a value that is missing or of another kind than the first one. */
  add(text: string, line: number): void;
  /** Undefined for texts that are too many to name classes. */
  describe(): CsvColumn | undefined;
}

/** A column of texts with more different ones than this names no classes. */
export const MOST_CLASSES = 1000;

const missing = 'fill in missing values, or take the column or the line out, first';

/** `known`: classes that are numbered already, by the data that were trained on. */
export function createCsvField(
  file: string,
  name: string,
  options: { readonly keep: boolean; readonly known?: readonly string[] | undefined },
): CsvField {
  const values = options.keep ? createGrowing() : undefined;
  const known = options.known && numbered(options.known);
  const words = new Map<string, number>();
  let hasTexts: boolean | undefined;
  let whole = true;
  let low = 0;
  let high = 0;

  return {
    add(text, line) {
      hasTexts ??= isWord(text);
      const value = hasTexts ? numberOfText(text, line) : numberIn(text, line);
      if (!hasTexts && !isInteger(text)) whole = false;
      low = Math.min(low, value);
      high = Math.max(high, value);
      values?.push(value);
    },
    describe() {
      if (hasTexts === true) return describeClasses();
      const kept = values === undefined ? {} : { values: values.values() };
      return { info: { name, ...numericType(whole, low, high), rowShape: [] }, ...kept };
    },
  };

  function numberIn(text: string, line: number): number {
    const value = Number(text);
    if (isNumber(text) && Number.isFinite(Math.fround(value))) return value;
    const found = text === '' ? 'is empty' : `is ${shown(text)}, not a finite number`;
    throw new DataError(file, `line ${line}: \`${name}\` ${found}`, missing);
  }

  function numberOfText(text: string, line: number): number {
    if (!isWord(text)) {
      const found = text === '' ? 'is empty' : `is ${shown(text)}`;
      const message = `line ${line}: \`${name}\` ${found}, where the lines before name a class`;
      throw new DataError(file, message, missing);
    }
    if (known === undefined) return place(text);
    const number = known.get(text);
    if (number !== undefined) return number;
    throw new DataError(
      file,
      `line ${line}: \`${name}\` is ${shown(text)}, which is none of the ${grouped(known.size)} ` +
        'classes that were trained on',
      `they are ${[...known.keys()].slice(0, 20).join(', ')}`,
    );
  }

  /** Texts are numbered as they come; one text too many, and they are counted no further. */
  function place(text: string): number {
    const found = words.get(text);
    if (found !== undefined || words.size > MOST_CLASSES) return found ?? 0;
    words.set(text, words.size);
    return words.size - 1;
  }

  function describeClasses(): CsvColumn | undefined {
    if (words.size > MOST_CLASSES) return undefined;
    const numbers = known ?? numbered([...words.keys()].sort());
    const classes = [...numbers.keys()];
    const dtype = classes.length <= 256 ? 'u8' : 'i32';
    const info: ColumnInfo = { name, dtype, kind: 'integer', rowShape: [], classes };
    if (values === undefined) return { info, numbers };
    if (known !== undefined) return { info, numbers, values: values.values() };
    const sorted = [...words.keys()].map((word) => numbers.get(word) ?? 0);
    return { info, numbers, values: values.values().map((value) => sorted[value] ?? 0) };
  }
}

const numbered = (classes: readonly string[]): ReadonlyMap<string, number> =>
  new Map(classes.map((word, index) => [word, index]));

/** Written in integers: u8 where 0 to 255 suffices, else i32; all others are f32. */
function numericType(
  whole: boolean,
  low: number,
  high: number,
): Pick<ColumnInfo, 'dtype' | 'kind'> {
  if (whole && low >= 0 && high <= 255) return { dtype: 'u8', kind: 'integer' };
  if (whole && low >= -(2 ** 31) && high < 2 ** 31) return { dtype: 'i32', kind: 'integer' };
  return { dtype: 'f32', kind: 'float' };
}

const shown = (text: string): string =>
  JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
