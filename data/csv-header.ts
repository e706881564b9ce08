/** What the first two records of a table say about all others: names of columns, classes, or nothing. */

const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const integer = /^[+-]?\d+$/;
/** Written numbers that are none, and the usual words for a missing value. */
const noValue = /^(?:[+-]?(?:nan|inf|infinity)|n\/?a|null|none|\?|-+)$/i;

export const isNumber = (field: string): boolean => number.test(field);
export const isInteger = (field: string): boolean => integer.test(field);
/** Begins like a number: `3,5`, `0x10`, `12 cm` are mistakes rather than names. */
const numberLike = /^[+-]?\.?\d/;
/** A text that can be a name: neither a number, written well or not, nor a sign that one is missing. */
export const isWord = (field: string): boolean =>
  field !== '' && !numberLike.test(field) && !noValue.test(field);

export interface CsvHead {
  readonly names: readonly string[];
  /** Whether the first record is a header and not data. */
  readonly hasHeader: boolean;
  /** scikit-learn's first line: what it promises. */
  readonly promise?: { readonly rows: number; readonly classes: readonly string[] };
}

/**
 * The first record is a header where one of its fields is a word above a number, or where all of them
 * are words; a word in data is the name of a class. scikit-learn's `150,4,setosa,versicolor,virginica`
 * (rows, features, class names) is recognised too. Without a header the columns are c0, c1, …
 */
export function readCsvHead(
  first: readonly string[],
  second: readonly string[] | undefined,
): CsvHead {
  const promise = second === undefined ? undefined : readPromise(first, second);
  if (promise !== undefined) {
    return { names: defaultNames(promise.features + 1), hasHeader: true, promise };
  }
  const above =
    second !== undefined && first.some((field, i) => isWord(field) && !isWord(second[i] ?? 'x'));
  const allWords = first.every((field) => isWord(field) || field === '') && first.some(isWord);
  if (!above && !allWords) return { names: defaultNames(first.length), hasHeader: false };
  const names = first.map((field, index) => (field === '' ? `c${index}` : field));
  return { names, hasHeader: true };
}

/** A first line `rows,features,name,…` over rows of features + 1 numbers. */
function readPromise(first: readonly string[], second: readonly string[]) {
  const [rows = '', features = '', ...classes] = first;
  const counts = integer.test(rows) && integer.test(features);
  const fits = classes.length > 0 && classes.every(isWord);
  if (!counts || !fits || second.length !== Number(features) + 1) return undefined;
  return { rows: Number(rows), features: Number(features), classes };
}

function defaultNames(width: number): readonly string[] {
  return Array.from({ length: width }, (_, index) => `c${index}`);
}
