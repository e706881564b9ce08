/**
 * Marks where things start and makes every bracket have its partner. After this pass every item of
 * a file and of a body starts with a token that starts nothing else (a bare chain gets a mark in
 * front), so recovery can resynchronise on it.
 */
import type { IToken } from 'chevrotain';
import { report } from '../catalogue/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { Source } from '../source.ts';
import * as T from '../tokens.ts';
import {
  closeDownTo,
  closeFrame,
  type Frame,
  isCloser,
  type Marking,
  openFrame,
  topFrame,
} from './frames.ts';
import { isWord, keyword, statementKeywords } from './keywords.ts';
import {
  emptyToken,
  endLineOf,
  endsExpression,
  firstOnLine,
  is,
  isFnType,
  isNamedFn,
  isOneOf,
  lineOf,
  openers,
  retag,
  spanOf,
  startsOperand,
} from './token-stream.ts';

/** These start a statement; none stands inside brackets, so an open bracket ends there. */
const hardStatements = [T.Let, T.Expect, T.Return, ...statementKeywords];
/** Behind these a `{` no longer opens the body of the declaration before. */
const headEnds = [T.Equals, T.FatArrow, ...hardStatements];
/** These stand at file level only. */
const sections = [T.Train, T.Policy];
const declarations = [T.Layer, T.Const, T.Import, T.Train, T.Policy];

export interface Marked {
  readonly tokens: readonly IToken[];
  readonly braces: ReadonlyMap<IToken, Frame['kind']>;
  /** Offsets where items, statements and the entries of sections start. */
  readonly starts: readonly number[];
  readonly damage: readonly number[];
  readonly diagnostics: readonly Diagnostic[];
}

export function mark(source: Source, tokens: readonly IToken[]): Marked {
  const marking: Marking = {
    source,
    tokens: [],
    frames: [{ kind: 'file' }],
    braces: new Map(),
    starts: [],
    damage: [],
    diagnostics: [],
    owed: new Map(),
  };
  const braces = countBraces(tokens);
  for (let i = 0; i < tokens.length; i++) {
    const before = marking.tokens.at(-1);
    const token = keyword(tokens, i, before, topFrame(marking));
    if (token === undefined) break;
    if (isWord(tokens, i, before, topFrame(marking))) {
      if (topFrame(marking).kind === 'section') marking.starts.push(token.startOffset);
      marking.tokens.push(is(token, T.Id) ? token : retag(token, T.PlainWord));
      continue;
    }
    if (isFnType(tokens, i)) {
      // A name like other types from here on: a word behind it is not the name of a function.
      marking.tokens.push(retag(token, T.Identifier));
      continue;
    }
    const isDeclaration = isOneOf(token, declarations) || isNamedFn(tokens, i);
    if (isDeclaration || isOneOf(token, hardStatements)) {
      marking.starts.push(token.startOffset);
      const end = skipBlockOfStatements(marking, tokens, i);
      if (end !== undefined) {
        i = end - 1;
        continue;
      }
      leaveBrackets(marking, tokens, i, isDeclaration, braces.matched);
      if (!isDeclaration && braces.open < braces.closed) openBody(marking, token);
    }
    leaveHeader(marking, tokens, i);
    if (isCloser(token)) {
      closeFrame(marking, token);
      continue;
    }
    const isValue = lossWithoutEquals(tokens, i, before, marking.starts.at(-1));
    if (isValue || startsChain(tokens, i, token, before, topFrame(marking))) {
      marking.tokens.push(emptyToken(T.ChainStart, token));
    }
    marking.tokens.push(token);
    follow(marking, tokens, i, token);
  }
  closeDownTo(marking, 1, undefined);
  return marking;
}

/** Keeps the frames up to date behind `token`, which stands at `index` and may be retagged. */
function follow(marking: Marking, tokens: readonly IToken[], index: number, token: IToken): void {
  const top = topFrame(marking);
  const [after, third] = [tokens[index + 1], tokens[index + 2]];
  if (is(token, T.Layer) || (is(token, T.Fn) && isOneOf(after, [T.Id, T.LParen]))) {
    top.header = 'body';
  } else if (isOneOf(token, sections)) {
    top.header = 'section';
  } else if (isOneOf(token, headEnds)) {
    // Its body is an expression, or it was broken off.
    top.header = undefined;
  } else if (isOneOf(token, openers)) {
    // `columns: {X: "pixels"}`
    const isRecord = is(token, T.LBrace) && is(after, T.Word) && is(third, T.Colon);
    if (top.kind === 'section' && isRecord) top.header = 'section';
    openFrame(marking, token);
  }
}

/**
 * No statement stands inside brackets, and no declaration inside a body: what is open before one was
 * not closed. Of bodies this is believed only where the braces of the file do not match; then the
 * end of the indentation tells too.
 */
function leaveBrackets(
  marking: Marking,
  tokens: readonly IToken[],
  index: number,
  isDeclaration: boolean,
  balanced: boolean,
): void {
  const token = tokens[index];
  let depth = marking.frames.length;
  while (depth > 1) {
    const { kind, opener } = marking.frames[depth - 1] ?? {};
    const isIndented = (): boolean =>
      opener?.image === '' ||
      !firstOnLine(tokens, index) ||
      columnOf(token) > indentOf(tokens, opener);
    if (kind === 'body' && (balanced || (!isDeclaration && isIndented()))) break;
    depth--;
  }
  closeDownTo(marking, depth, token);
  for (const closer of [T.RParen, T.RBracket]) marking.owed.delete(closer);
}

function columnOf(token: IToken | undefined): number {
  return token?.startColumn ?? 1;
}

/** The column of the first token on the line of `token`. */
function indentOf(tokens: readonly IToken[], token: IToken | undefined): number {
  if (token === undefined) return 0;
  return columnOf(tokens.find((other) => lineOf(other) === lineOf(token)));
}

function countBraces(tokens: readonly IToken[]): {
  readonly open: number;
  readonly closed: number;
  readonly matched: boolean;
} {
  let open = 0;
  let closed = 0;
  let matched = true;
  for (const token of tokens) {
    if (is(token, T.LBrace)) open++;
    if (is(token, T.RBrace)) closed++;
    if (closed > open) matched = false;
  }
  return { open, closed, matched: matched && open === closed };
}

/** A statement right behind the head of a declaration, and a `}` too many: the `{` is missing. */
function openBody(marking: Marking, token: IToken): void {
  const before = marking.tokens.at(-1);
  if (before === undefined || topFrame(marking).header !== 'body') return;
  const expected = `\`{\` after \`${before.image}\``;
  const place = { file: marking.source.name, span: spanOf(token) };
  const params = { expected, found: `\`${token.image}\``, help: 'add the `{`' };
  marking.diagnostics.push(report('NN0101', params, place));
  const opener = emptyToken(T.LBrace, token);
  marking.tokens.push(opener);
  openFrame(marking, opener);
}

/**
 * Brackets that were not closed before the `{` of a body or the next key of a section, both of which
 * can be told from what else might stand there.
 */
function leaveHeader(marking: Marking, tokens: readonly IToken[], index: number): void {
  const depth = marking.frames.findLastIndex((frame) => frame.kind !== 'bracket') + 1;
  const around = marking.frames[depth - 1];
  const [token, after, third] = tokens.slice(index, index + 3);
  if (token === undefined || around === undefined || depth === marking.frames.length) return;
  const opensBody =
    around.header === 'body' &&
    // A lambda inside the brackets has a body of its own.
    topFrame(marking).header !== 'body' &&
    is(token, T.LBrace) &&
    (isOneOf(after, [T.Let, T.Return, T.Expect]) ||
      (is(after, T.Id) && is(third, T.Id) && third?.image !== 'as'));
  const isKey =
    around.kind === 'section' &&
    is(token, T.Word) &&
    is(after, T.Colon) &&
    is(topFrame(marking).opener, T.LParen) &&
    endsExpression(marking.tokens.at(-1));
  if (opensBody || isKey) closeDownTo(marking, depth, token);
}

/** `{ let y = ... }` where only a chain may stand: index of its `}`, the inside left out. */
function skipBlockOfStatements(
  marking: Marking,
  tokens: readonly IToken[],
  index: number,
): number | undefined {
  const token = tokens[index];
  const { kind, opener } = topFrame(marking);
  if (token === undefined || kind !== 'block' || marking.tokens.at(-1) !== opener) return undefined;
  let depth = 1;
  for (let end = index; end < tokens.length; end++) {
    if (is(tokens[end], T.LBrace)) depth++;
    if (is(tokens[end], T.RBrace)) depth--;
    if (depth > 0) continue;
    const help = is(marking.tokens.at(-2), T.Equals)
      ? 'a body of statements takes no `=`: `layer f(n)(x) { ... }`'
      : 'a block holds a chain; statements stand in a `layer` with a name';
    const params = { expected: 'an expression after `{`', found: `\`${token.image}\``, help };
    const place = { file: marking.source.name, span: spanOf(token) };
    marking.diagnostics.push(report('NN0101', params, place));
    marking.tokens.push(emptyToken(T.Hole, token));
    return end;
  }
  return undefined;
}

/** `loss mean(x)`, where the word is no name of the loss: that would end the line or be followed by `=`. */
function lossWithoutEquals(
  tokens: readonly IToken[],
  index: number,
  before: IToken | undefined,
  start: number | undefined,
): boolean {
  const [token, next] = [tokens[index], tokens[index + 1]];
  if (!is(before, T.Loss) || before?.startOffset !== start || token === undefined) return false;
  const goesOn = next !== undefined && !firstOnLine(tokens, index + 1) && !is(next, T.Equals);
  return is(token, T.Id) && goesOn;
}

/** Whether an expression starts at `index` where only a new item can follow. */
function startsChain(
  tokens: readonly IToken[],
  index: number,
  token: IToken,
  before: IToken | undefined,
  frame: Frame,
): boolean {
  if (frame.kind !== 'file' && frame.kind !== 'body') return false;
  const opens = is(before, T.LBrace) && frame.kind === 'body';
  if (before !== undefined && !endsExpression(before) && !opens) return false;
  if (isNamedFn(tokens, index)) return false;
  const sameLine = before !== undefined && endLineOf(before) === lineOf(token);
  if (startsOperand(token)) return !(sameLine && is(token, T.If));
  return !sameLine && isOneOf(token, openers);
}
