/** A text that stays in its file: an index of where its characters lie, and windows of them read by number. */
import { concatenate } from './concatenate.ts';
import { DataError } from './data-error.ts';
import { type ColumnValues, createDataset, type Dataset, type StoredColumn } from './dataset.ts';
import { allocate } from './element-type.ts';
import { markOf, type OpenFile } from './files.ts';
import {
  alphabet,
  countWindows,
  notUtf8,
  type TextOptions,
  textColumn,
  unknownCharacter,
} from './text.ts';

/** Bytes that are decoded at once. */
const PIECE = 1 << 20;
/** So many characters lie between two places of the index; a window costs the decoding of some more. */
const STRIDE = 1024;

/** The same columns as `decodeText`; the text is checked in one pass, and its rows stay in the file. */
export async function openText(
  source: OpenFile,
  file: string,
  { window, vocabulary }: TextOptions,
): Promise<Dataset<StoredColumn>> {
  const { count, characters, places } = await survey(source, file, vocabulary);
  const rows = countWindows(count, window, file);
  const { classes, numbers, dtype } = alphabet(characters, vocabulary);
  const mark = await markOf(source);

  const readWindow = async (first: number, into: ColumnValues): Promise<void> => {
    const block = Math.floor(first / STRIDE);
    const from = places[block] ?? 0;
    const to = places[Math.ceil((first + window) / STRIDE)] ?? source.size;
    let at = block * STRIDE - first;
    for (const character of decodeUtf8(await source.read(from, to - from), file)) {
      if (at >= window) return;
      if (at >= 0) {
        const number = numbers.get(character);
        if (number === undefined) throw changed(file);
        into[at] = number;
      }
      at += 1;
    }
    if (at < window) throw changed(file);
  };
  const column = (name: string, shift: number): StoredColumn => ({
    ...textColumn(name, dtype, window, classes),
    stored: {
      rows,
      mark: `${mark} characters from ${shift}`,
      async read(wanted) {
        const values = allocate(dtype, wanted.length * window);
        for (const [place, row] of wanted.entries())
          await readWindow(
            row * window + shift,
            values.subarray(place * window, (place + 1) * window),
          );
        return values;
      },
    },
  });
  return createDataset(file, [column('text', 0), column('next', 1)]);
}

/** `places`: the byte of every 1,024th character. */
async function survey(
  source: OpenFile,
  file: string,
  vocabulary: readonly string[] | undefined,
): Promise<{
  readonly count: number;
  readonly characters: ReadonlySet<string>;
  readonly places: readonly number[];
}> {
  const known = vocabulary && new Set(vocabulary);
  const characters = new Set<string>();
  const places: number[] = [];
  let count = 0;
  let line = 1;
  let column = 1;
  let byte = await markLength(source);
  for await (const text of pieces(source, byte, file)) {
    for (const character of text) {
      if (known?.has(character) === false)
        throw unknownCharacter(file, { line, column }, character, known.size);
      characters.add(character);
      if (count % STRIDE === 0) places.push(byte);
      byte += utf8Length(character);
      count += 1;
      column = character === '\n' ? 1 : column + 1;
      if (character === '\n') line += 1;
    }
  }
  return { count, characters, places };
}

/** The text piece by piece; the bytes of a character that a piece cuts go with the next one. */
async function* pieces(source: OpenFile, start: number, file: string): AsyncGenerator<string> {
  let rest: Uint8Array = new Uint8Array(0);
  for (let from = start; from < source.size; ) {
    const piece = await source.read(from, PIECE);
    if (piece.length === 0) break;
    from += piece.length;
    const bytes = rest.length === 0 ? piece : concatenate([rest, piece]);
    const whole = from < source.size ? wholeCharacters(bytes) : bytes.length;
    yield decodeUtf8(bytes.subarray(0, whole), file);
    rest = bytes.slice(whole);
  }
}

/** How many of the bytes are no part of a character that goes on behind them. */
function wholeCharacters(bytes: Uint8Array): number {
  let start = bytes.length - 1;
  while (start > 0 && bytes.length - start < 4 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start -= 1;
  const lead = bytes[start] ?? 0;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  return start + length > bytes.length ? start : bytes.length;
}

function decodeUtf8(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw notUtf8(file);
  }
}

/** The bytes of a byte order mark, which is no character of the text. */
async function markLength(source: OpenFile): Promise<number> {
  const [a, b, c] = await source.read(0, 3);
  return a === 0xef && b === 0xbb && c === 0xbf ? 3 : 0;
}

function utf8Length(character: string): number {
  const point = character.codePointAt(0) ?? 0;
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
}

const changed = (file: string): DataError =>
  new DataError(file, 'the file has changed while it was in use', 'start again');
