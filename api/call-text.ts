/**
 * Finding a call in the text of a program: from the place of its name, which a stack trace gives, to the
 * receiver before it and the arguments behind it. Reads no further than brackets and strings; what it cannot make
 * out it leaves out, since the places are for messages only.
 */
import type { Span } from '../grammar/index.ts';

export interface CallText {
  /** From the receiver, if there is one, to the closing bracket. */
  readonly whole: Span;
  readonly receiver?: Span;
  readonly args: readonly Span[];
}

const word = /[\p{L}\p{N}_$]/u;
const space = /\s/;
const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const opening: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/**
 * The call whose name begins at `at`, or whose arguments do where what is called has no name: `dense(10)(x)`. Undefined
 * where the text there is none.
 */
export function callAt(text: string, at: number): CallText | undefined {
  if (text[at] === '(') {
    const { items, end } = itemsIn(text, at);
    return { whole: { start: chainBefore(text, at), end }, args: items };
  }
  let nameEnd = at;
  while (word.test(text[nameEnd] ?? '')) nameEnd++;
  if (nameEnd === at) return undefined;
  const behind = skipSpace(text, nameEnd);
  const open = text.startsWith('?.(', behind) ? behind + 2 : behind;
  const receiver = receiverBefore(text, at);
  const start = receiver?.start ?? at;
  const withReceiver = receiver === undefined ? {} : { receiver };
  if (text[open] === '`') {
    const end = afterString(text, open);
    return { whole: { start, end }, ...withReceiver, args: [] };
  }
  if (text[open] !== '(') return { whole: { start, end: nameEnd }, ...withReceiver, args: [] };
  const { items, end } = itemsIn(text, open);
  return { whole: { start, end }, ...withReceiver, args: items };
}

export interface OptionText {
  readonly name: Span;
  readonly value: Span;
}

/** The entry of an object that stands at `span`; undefined where none is found. In `{ axis }` it is name and value in one. */
export function optionIn(text: string, span: Span, key: string): OptionText | undefined {
  if (text[span.start] !== '{') return undefined;
  for (const { start, end } of itemsIn(text, span.start).items) {
    const [, quote = '', name, behind = ''] =
      /^(['"]?)([\p{L}\p{N}_$]+)\1(\s*:\s*)?/u.exec(text.slice(start, end)) ?? [];
    if (name !== key) continue;
    const nameEnd = start + name.length + 2 * quote.length;
    if (behind === '')
      return nameEnd === end ? { name: { start, end }, value: { start, end } } : undefined;
    return { name: { start, end: nameEnd }, value: { start: nameEnd + behind.length, end } };
  }
  return undefined;
}

/** What commas separate behind the bracket at `open`, and the place behind its partner. */
function itemsIn(
  text: string,
  open: number,
): { readonly items: readonly Span[]; readonly end: number } {
  const close = closing[text[open] ?? ''];
  const items: Span[] = [];
  let from = open + 1;
  let i = from;
  for (; i < text.length; ) {
    const char = text[i] ?? '';
    if (char === ',' || char === close) {
      const span = trimmed(text, from, i);
      if (span !== undefined) items.push(span);
      from = i + 1;
      if (char === close) break;
      i++;
    } else i = afterItem(text, i);
  }
  return { items, end: Math.min(i + 1, text.length) };
}

/** Behind the character at i, or behind the string, comment or bracketed part that begins there. */
function afterItem(text: string, i: number): number {
  const char = text[i] ?? '';
  if (char === '"' || char === "'" || char === '`') return afterString(text, i);
  if (char === '/' && text[i + 1] === '/') {
    const end = text.indexOf('\n', i);
    return end < 0 ? text.length : end;
  }
  if (char === '/' && text[i + 1] === '*') {
    const end = text.indexOf('*/', i + 2);
    return end < 0 ? text.length : end + 2;
  }
  const close = closing[char];
  if (close === undefined) return i + 1;
  let j = i + 1;
  while (j < text.length && text[j] !== close) j = afterItem(text, j);
  return j + 1;
}

function afterString(text: string, start: number): number {
  const quote = text[start];
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === quote) return i + 1;
    else if (quote === '`' && text[i] === '$' && text[i + 1] === '{')
      i = afterItem(text, i + 1) - 1;
  }
  return text.length;
}

/** `x.mul(w)` before `.add`; undefined where no dot stands before the name. */
function receiverBefore(text: string, at: number): Span | undefined {
  const end = beforeDot(text, at);
  if (end === undefined) return undefined;
  const start = chainBefore(text, end);
  return start < end ? { start, end } : undefined;
}

/** Where the names, brackets and dots begin that end at `end`. */
function chainBefore(text: string, end: number): number {
  let i = end;
  for (;;) {
    const start = beforePart(text, i);
    if (start === i) return i;
    i = start;
    // A name in front of a bracket, or the dot of a longer chain.
    if (beforePart(text, i) !== i) continue;
    const next = beforeDot(text, i);
    if (next === undefined) return i;
    i = next;
  }
}

/** In front of the `.` or `?.` that stands before `at`; undefined where there is none, or the dots of a spread. */
function beforeDot(text: string, at: number): number | undefined {
  const dot = skipSpaceBack(text, at) - 1;
  // The end of a comment on the line above is no dot of a chain, which stands with the name that follows.
  if (text.slice(dot, at).includes('\n')) return undefined;
  if (text[dot] !== '.' || text[dot - 1] === '.') return undefined;
  return skipSpaceBack(text, text[dot - 1] === '?' ? dot - 1 : dot);
}

/** In front of the word or the bracketed part that ends at i; i itself where neither does. */
function beforePart(text: string, i: number): number {
  if (opening[text[i - 1] ?? ''] !== undefined) return beforeBracket(text, i - 1);
  let start = i;
  while (word.test(text[start - 1] ?? '')) start--;
  return start;
}

function beforeBracket(text: string, close: number): number {
  let depth = 0;
  for (let i = close; i >= 0; i--) {
    const char = text[i] ?? '';
    if (opening[char] !== undefined) depth++;
    else if (closing[char] !== undefined) depth--;
    if (depth === 0) return i;
  }
  return close;
}

function skipSpace(text: string, from: number): number {
  let i = from;
  while (space.test(text[i] ?? '')) i++;
  return i;
}

function skipSpaceBack(text: string, from: number): number {
  let i = from;
  while (i > 0 && space.test(text[i - 1] ?? '')) i--;
  return i;
}

function trimmed(text: string, from: number, to: number): Span | undefined {
  const start = skipSpace(text, from);
  const end = skipSpaceBack(text, to);
  return start < end ? { start, end } : undefined;
}
