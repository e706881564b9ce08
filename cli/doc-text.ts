/** `nnc doc` as text: lists of declarations, and one of them in full. Pure. */
import { type Declared, firstSentence } from './declarations.ts';
import { wrapped } from './paragraph.ts';
import { clipped } from './table.ts';
import type { Output } from './terminal.ts';

type Look = Pick<Output, 'columns' | 'paint'>;

/** Longer heads have their sentence on a line of its own. */
const WIDEST_HEAD = 36;
/** Lines of text longer than this are hard to read, however wide the terminal is. */
const WIDEST_TEXT = 100;

/** File by file, in order: the head of every declaration, and the first sentence of what stands above it. */
export function listLines(all: readonly Declared[], look: Look): readonly string[] {
  const files = [...new Set(all.map((one) => one.file))];
  return files.flatMap((file, at) => [
    ...(at === 0 ? [] : ['']),
    look.paint(file, 'strong'),
    ...all.filter((one) => one.file === file).flatMap((one) => listed(one, look)),
  ]);
}

function listed({ kind, short, doc, signature }: Declared, { columns, paint }: Look): string[] {
  const isCalled = kind === 'layer' || kind === 'fn' || kind === 'built in';
  const head = clipped(isCalled ? short : signature, columns - 2);
  const sentence = firstSentence(doc);
  if (sentence === '') return [`  ${paint(head, 'help')}`];
  const indent = ' '.repeat(WIDEST_HEAD + 4);
  const room = columns - indent.length;
  // On a narrow terminal there is no second column.
  if (room < 30) return [`  ${paint(head, 'help')}`, `      ${clipped(sentence, columns - 6)}`];
  const text = clipped(sentence, room);
  if (head.length > WIDEST_HEAD) return [`  ${paint(head, 'help')}`, `${indent}${text}`];
  return [`  ${paint(head, 'help')}${' '.repeat(WIDEST_HEAD + 2 - head.length)}${text}`];
}

export function declarationLines(one: Declared, { columns, paint }: Look): readonly string[] {
  const { signature, doc, text, file, line, kind } = one;
  const place = kind === 'built in' ? 'built into the compiler' : `${file}, line ${line}`;
  const width = Math.min(columns, WIDEST_TEXT);
  return [
    paint(signature, 'strong'),
    paint(place, 'faint'),
    ...(doc === '' ? [] : ['', ...wrapped(doc, width)]),
    ...(text === '' || text === signature ? [] : ['', ...text.split('\n').map((l) => `  ${l}`)]),
  ];
}

/** Names only, in lines. */
export function nameLines(
  title: string,
  all: readonly Declared[],
  { columns, paint }: Look,
): readonly string[] {
  const names = all.map((one) => one.name).sort();
  const lines = wrapped(names.join(', '), Math.min(columns, WIDEST_TEXT) - 2);
  return [paint(title, 'strong'), ...lines.map((line) => `  ${line}`)];
}
