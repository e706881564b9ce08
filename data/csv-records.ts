/**
 * Cuts the bytes of a CSV file into records, and records into fields (RFC 4180, plus other
 * separators). Bytes come in pieces, so that a file need not be in memory; each record knows its line
 * and its place in the file.
 */
import { concatenate } from './concatenate.ts';
import { DataError, grouped } from './data-error.ts';

/** One record, not yet cut. */
export interface CsvRecord {
  /** The line (from 1) where it begins. */
  readonly line: number;
  /** The byte where it begins. */
  readonly from: number;
  readonly text: string;
}

export interface CsvSplitter {
  /** The records that end in this piece; empty lines are passed over. */
  push(piece: Uint8Array): readonly CsvRecord[];
  /** The record that the file's end closes. Throws a DataError for a quote that is never closed. */
  end(): readonly CsvRecord[];
}

export type Separator = ',' | ';' | '\t' | 'blank';

/** A line of a million numbers fits; a file without line ends is no table. */
const longestRecord = 64 * 2 ** 20;

const newline = 10;
const carriageReturn = 13;
const quote = 34;

/** Throws DataErrors that name the line. */
export function createCsvSplitter(file: string): CsvSplitter {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let rest: Uint8Array = new Uint8Array(0);
  // Of `rest`: its place in the file, what has been looked at, and whether a quote is open there.
  let from = 0;
  let seen = 0;
  let open = false;
  let line = 1;
  let endsInside = 0;

  return {
    push: (piece) => take(rest.length === 0 ? piece : concatenate([rest, piece]), false),
    end() {
      const records = take(rest, true);
      if (open) throw new DataError(file, `line ${line}: a quote is never closed`);
      return records;
    },
  };

  function take(bytes: Uint8Array, last: boolean): readonly CsvRecord[] {
    const records: CsvRecord[] = [];
    let begin = from === 0 && seen === 0 ? markLength(bytes, file) : 0;
    let at = Math.max(seen, begin);
    for (; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte === quote) open = !open;
      if (byte !== newline && byte !== carriageReturn) continue;
      // A piece may end between the two bytes of one line end.
      if (byte === carriageReturn && at + 1 === bytes.length && !last) break;
      const width = byte === carriageReturn && bytes[at + 1] === newline ? 2 : 1;
      if (open) endsInside += 1;
      else {
        emit(records, bytes, begin, at);
        begin = at + width;
      }
      at += width - 1;
    }
    if (last && !open) {
      emit(records, bytes, begin, bytes.length);
      begin = bytes.length;
      at = begin;
    }
    if (bytes.length - begin > longestRecord) {
      throw new DataError(
        file,
        `line ${line} goes on for more than ${grouped(longestRecord)} bytes`,
        'a table has a line for each row; is a quote open?',
      );
    }
    // A copy, so that the piece itself can go.
    rest = bytes.slice(begin);
    seen = at - begin;
    from += begin;
    return records;
  }

  function emit(records: CsvRecord[], bytes: Uint8Array, begin: number, end: number): void {
    const text = textOf(bytes.subarray(begin, end));
    if (text.trim() !== '') records.push({ line, from: from + begin, text });
    line += 1 + endsInside;
    endsInside = 0;
  }

  function textOf(bytes: Uint8Array): string {
    try {
      const text = decoder.decode(bytes);
      return endsInside > 0 ? text.replace(/\r\n?/g, '\n') : text;
    } catch {
      throw new DataError(file, `line ${line} is no UTF-8 text`, 'save the table as UTF-8');
    }
  }
}

/** The bytes of a byte order mark. */
function markLength([a, b, c]: Uint8Array, file: string): number {
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) {
    throw new DataError(file, 'the text is UTF-16, not UTF-8', 'save the table as UTF-8');
  }
  return a === 0xef && b === 0xbb && c === 0xbf ? 3 : 0;
}

/** The first of comma, tab and semicolon that a line has outside quotes, else blanks. */
export function findSeparator(line: string): Separator {
  const bare = line.replace(/"[^"]*"/g, '');
  if (bare.includes(',')) return ',';
  if (bare.includes('\t')) return '\t';
  return bare.includes(';') ? ';' : 'blank';
}

/** The fields of a record, trimmed and unquoted. Throws a DataError for text that follows a closing quote. */
export function cutRecord(
  record: CsvRecord,
  separator: Separator,
  file: string,
): readonly string[] {
  const text = separator === 'blank' ? record.text.trim() : record.text;
  if (!text.includes('"')) {
    if (separator === 'blank') return text.split(/\s+/);
    return text.split(separator).map((field) => field.trim());
  }
  const stop = separator === 'blank' ? /[\s"]/g : new RegExp(`[${separator}"]`, 'g');
  const gap = separator === 'blank' ? /\s+/y : new RegExp(separator, 'y');
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    const { field, end } = cutField(text, at, separator, stop);
    fields.push(field);
    if (end === text.length) return fields;
    gap.lastIndex = end;
    if (!gap.test(text)) {
      throw new DataError(
        file,
        `line ${record.line}: field ${fields.length} has a quote in the wrong place`,
        'a field in quotes begins and ends with one; inside, write "" for a quote',
      );
    }
    at = gap.lastIndex;
  }
}

/**
 * The field that begins at `from`, and where it ends: at the record's end, at a separator, or wrongly at a quote. By
 * hand, since a pattern for what stands in quotes would overflow the stack on long fields.
 */
function cutField(
  text: string,
  from: number,
  separator: Separator,
  stop: RegExp,
): { readonly field: string; readonly end: number } {
  const pass = (at: number): number => (separator === 'blank' ? at : passBlanks(text, at));
  const start = pass(from);
  if (text[start] === '"') {
    const close = closingQuote(text, start);
    return { field: text.slice(start + 1, close).replaceAll('""', '"'), end: pass(close + 1) };
  }
  stop.lastIndex = start;
  const end = stop.exec(text)?.index ?? text.length;
  return { field: text.slice(start, end).trim(), end };
}

function passBlanks(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ') at += 1;
  return at;
}

/** Of the quotes inside, each stands twice. A record has an even number of them, so one closes. */
function closingQuote(text: string, open: number): number {
  for (let at = open + 1; ; at += 2) {
    at = text.indexOf('"', at);
    if (at < 0) return text.length;
    if (text[at + 1] !== '"') return at;
  }
}
