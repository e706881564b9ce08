/**
 * Cuts the text of a CSV file into records of fields (RFC 4180, plus other separators), keeping
 * each record's line number for messages.
 */
import { DataError } from './data-error.ts';

/** One record, not yet cut: its text and the line (from 1) where it begins. */
export interface CsvRecord {
  readonly line: number;
  readonly text: string;
}

export interface CsvRecords {
  readonly records: readonly CsvRecord[];
  /** The fields of a record, trimmed and unquoted. */
  readonly fields: (record: CsvRecord) => readonly string[];
}

type Separator = ',' | ';' | '\t' | 'blank';

/**
 * The records of `text`; empty lines are passed over. The separator is the first of comma, tab and
 * semicolon that the first line has outside quotes, else blanks. Throws a DataError for a quote that
 * is never closed, and `fields` for text that follows a closing quote.
 */
export function csvRecords(text: string, file: string): CsvRecords {
  const lines = (text.startsWith('\uFEFF') ? text.slice(1) : text).split(/\r\n|\n|\r/);
  const records: CsvRecord[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = at + 1;
    const parts = [lines[at] ?? ''];
    // A quoted field may run over the end of its line.
    let open = oddQuotes(parts[0] ?? '');
    while (open) {
      at += 1;
      const more = lines[at];
      if (more === undefined) throw new DataError(file, `line ${line}: a quote is never closed`);
      parts.push(more);
      open = !oddQuotes(more);
    }
    const whole = parts.join('\n');
    if (whole.trim() !== '') records.push({ line, text: whole });
  }
  const separator = findSeparator(records[0]?.text ?? '');
  return { records, fields: (record) => cut(record, separator, file) };
}

function findSeparator(line: string): Separator {
  const bare = line.replace(/"[^"]*"/g, '');
  if (bare.includes(',')) return ',';
  if (bare.includes('\t')) return '\t';
  return bare.includes(';') ? ';' : 'blank';
}

function oddQuotes(line: string): boolean {
  let odd = false;
  for (let at = line.indexOf('"'); at >= 0; at = line.indexOf('"', at + 1)) odd = !odd;
  return odd;
}

function cut(record: CsvRecord, separator: Separator, file: string): readonly string[] {
  const text = separator === 'blank' ? record.text.trim() : record.text;
  if (!text.includes('"')) {
    if (separator === 'blank') return text.split(/\s+/);
    return text.split(separator).map((field) => field.trim());
  }
  const field = separator === 'blank' ? blankField : separatedField(separator);
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    field.lastIndex = at;
    const found = field.exec(text);
    if (found === null) {
      throw new DataError(
        file,
        `line ${record.line}: field ${fields.length + 1} has a quote in the wrong place`,
        'a field in quotes begins and ends with one; inside, write "" for a quote',
      );
    }
    const [whole, quoted, plain = '', end = ''] = found;
    fields.push(quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"'));
    if (end === '') return fields;
    at += whole.length;
  }
}

/** A field in quotes (1) or without (2), up to what ends it (3: a separator, or nothing). */
const blankField = /(?:"((?:[^"]|"")*)"|([^\s"]*))(\s+|$)/y;

function separatedField(separator: string): RegExp {
  return new RegExp(` *(?:"((?:[^"]|"")*)" *|([^${separator}"]*))(${separator}|$)`, 'y');
}
