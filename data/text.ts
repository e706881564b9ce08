/**
 * Plain text for language models: characters as numbers, cut into windows. Window i is the
 * characters i·t to i·t + t - 1 (`text`) and, one later, those to be foretold (`next`).
 */
import { counted, DataError, grouped } from './data-error.ts';
import { type Column, type ColumnInfo, createDataset, type Dataset } from './dataset.ts';
import { allocate } from './element-type.ts';

export interface TextOptions {
  /** Characters in a window. */
  readonly window: number;
  /** The characters by their number; the sorted distinct ones of the text when not given. */
  readonly vocabulary?: readonly string[] | undefined;
}

/** Bytes that are decoded at once. */
const PIECE = 1 << 20;

/**
 * Columns `text` and `next`, [window] each, of u8 (i32 for more than 256 characters); both look at one
 * array. Characters that fill no window at the end are left out. Throws a DataError for bytes that
 * are no UTF-8, for a character that the vocabulary lacks, and for a text shorter than a window.
 */
export function decodeText(
  bytes: Uint8Array<ArrayBuffer>,
  file: string,
  { window, vocabulary }: TextOptions,
): Dataset {
  const { count, characters } = survey(bytes, file);
  const rows = countWindows(count, window, file);
  const { classes, numbers, dtype } = alphabet(characters, vocabulary);
  const all = allocate(dtype, count);
  let at = 0;
  for (const text of pieces(bytes, file)) {
    for (const character of text) {
      const number = numbers.get(character);
      if (number === undefined)
        throw unknownCharacter(file, positionOf(bytes, file, at), character, classes.length);
      all[at++] = number;
    }
  }
  const column = (name: string, from: number): Column => ({
    ...textColumn(name, dtype, window, classes),
    values: all.subarray(from, from + rows * window),
  });
  return createDataset(file, [column('text', 0), column('next', 1)]);
}

/** Throws a DataError where not one window has a successor. */
export function countWindows(characters: number, window: number, file: string): number {
  const rows = Math.floor((characters - 1) / window);
  if (rows >= 1) return rows;
  throw new DataError(
    file,
    `the text has ${counted(characters, 'character')}; a window of ${grouped(window)} and its ` +
      `successor need ${grouped(window + 1)}`,
  );
}

/** The characters in the order of their numbers, and the numbers. */
export function alphabet(
  characters: ReadonlySet<string>,
  vocabulary: readonly string[] | undefined,
): {
  readonly classes: readonly string[];
  readonly numbers: ReadonlyMap<string, number>;
  readonly dtype: 'u8' | 'i32';
} {
  const classes = vocabulary ?? [...characters].sort(byCodePoint);
  const numbers = new Map(classes.map((character, index) => [character, index]));
  return { classes, numbers, dtype: classes.length <= 256 ? 'u8' : 'i32' };
}

export const textColumn = (
  name: string,
  dtype: 'u8' | 'i32',
  window: number,
  classes: readonly string[],
): ColumnInfo => ({ name, dtype, kind: 'integer', rowShape: [window], classes });

const byCodePoint = (a: string, b: string): number =>
  (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0);

function survey(bytes: Uint8Array<ArrayBuffer>, file: string) {
  const characters = new Set<string>();
  let count = 0;
  for (const text of pieces(bytes, file)) {
    for (const character of text) {
      characters.add(character);
      count += 1;
    }
  }
  return { count, characters };
}

function* pieces(bytes: Uint8Array<ArrayBuffer>, file: string): Generator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for (let from = 0; from < bytes.length; from += PIECE) {
    const piece = bytes.subarray(from, from + PIECE);
    const stream = from + PIECE < bytes.length;
    let text: string;
    try {
      text = decoder.decode(piece, { stream });
    } catch {
      throw notUtf8(file);
    }
    yield text;
  }
}

/** Of character number `at`. */
function positionOf(bytes: Uint8Array<ArrayBuffer>, file: string, at: number): Place {
  let line = 1;
  let column = 1;
  let passed = 0;
  for (const text of pieces(bytes, file)) {
    for (const one of text) {
      if (passed++ === at) return { line, column };
      column = one === '\n' ? 1 : column + 1;
      if (one === '\n') line += 1;
    }
  }
  return { line, column };
}

interface Place {
  readonly line: number;
  readonly column: number;
}

export const unknownCharacter = (
  file: string,
  { line, column }: Place,
  character: string,
  known: number,
): DataError =>
  new DataError(
    file,
    `line ${line}, column ${column}: ${JSON.stringify(character)} is none of the ${grouped(known)} ` +
      'characters that were trained on',
  );

export const notUtf8 = (file: string): DataError =>
  new DataError(file, 'the file is no UTF-8 text', 'save it as UTF-8');
