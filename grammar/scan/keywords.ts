/**
 * Soft keywords become keywords where a statement starts, and a bare chain gets a mark in front.
 * After this pass every item of a file and of a body starts with a token that starts nothing else,
 * so recovery can resynchronise on it, and a soft keyword after a broken expression is not eaten as
 * a name (`loss = (1 +` newline `output y = b`).
 */
import type { IToken, TokenType } from 'chevrotain';
import * as T from '../tokens.ts';
import {
  emptyToken,
  endLineOf,
  endsExpression,
  firstOnLine,
  is,
  isOneOf,
  lineOf,
  retag,
  startsOperand,
} from './token-stream.ts';

/**
 * An open bracket, or the file itself. `file`: items; `body`: statements; `section`: keys and
 * values; the others hold an expression. `header`: what the next `{` here opens, if a declaration
 * waits for its body.
 */
interface Frame {
  readonly kind: 'file' | 'body' | 'section' | 'block' | 'bracket';
  header?: 'body' | 'section' | undefined;
}

const statements: Readonly<Record<string, TokenType>> = {
  input: T.Input,
  output: T.Output,
  param: T.Param,
  state: T.State,
  update: T.Update,
  loss: T.Loss,
  metric: T.Metric,
  dim: T.Dim,
};
const infixes: Readonly<Record<string, TokenType>> = {
  as: T.As,
  in: T.In,
  from: T.From,
  vjp: T.Vjp,
};

/** After these a name follows, whatever word it is. */
const nameFollows = [
  ...[T.Let, T.Const, T.Layer, T.Fn, T.Import, T.Repeat, T.Train, T.Dot, T.As],
  ...Object.values(statements),
];
/** These start a statement; none stands inside brackets, so an open bracket ends there. */
const hardStatements = [T.Let, T.Expect, T.Return, ...Object.values(statements)];
/** These stand at file level only. */
const declarations = [T.Layer, T.Const, T.Import, T.Train, T.Policy];

export function markKeywords(tokens: readonly IToken[]): readonly IToken[] {
  const marked: IToken[] = [];
  const frames: Frame[] = [{ kind: 'file' }];
  const top = (): Frame => frames.at(-1) ?? { kind: 'file' };
  for (let i = 0; i < tokens.length; i++) {
    const before = marked.at(-1);
    const token = keyword(tokens, i, before, top());
    if (token === undefined) break;
    if (!isWord(tokens, i, before, top())) {
      if (isOneOf(token, declarations) || isNamedFn(tokens, i)) frames.length = 1;
      else if (isOneOf(token, hardStatements)) leaveBrackets(frames);
      if (startsChain(tokens, i, token, before, top())) {
        marked.push(emptyToken(T.ChainStart, token));
      }
      follow(token, tokens[i + 1], frames);
    }
    marked.push(token);
  }
  return marked;
}

/** Keeps the frames up to date behind `token`. */
function follow(token: IToken, after: IToken | undefined, frames: Frame[]): void {
  const top = frames.at(-1);
  if (top === undefined) return;
  if (is(token, T.Layer) || (is(token, T.Fn) && isOneOf(after, [T.Id, T.LParen]))) {
    top.header = 'body';
  } else if (isOneOf(token, [T.Train, T.Policy])) {
    top.header = 'section';
  } else if (isOneOf(token, [T.Equals, T.FatArrow, ...hardStatements])) {
    // Its body is an expression, or it was broken off.
    top.header = undefined;
  } else if (isOneOf(token, [T.LParen, T.LBracket])) {
    frames.push({ kind: 'bracket' });
  } else if (is(token, T.LBrace)) {
    frames.push({ kind: top.header ?? 'block' });
    top.header = undefined;
  } else if (isOneOf(token, [T.RParen, T.RBracket])) {
    if (top.kind === 'bracket') frames.pop();
  } else if (is(token, T.RBrace)) {
    while (frames.at(-1)?.kind === 'bracket') frames.pop();
    if (frames.length > 1) frames.pop();
  }
}

/** Whether a keyword is a mere word here: a field, the name of an argument, a key. */
function isWord(
  tokens: readonly IToken[],
  index: number,
  before: IToken | undefined,
  frame: Frame,
): boolean {
  const [token, after] = tokens.slice(index, index + 2);
  if (!is(token, T.Word)) return false;
  if (is(before, T.Dot)) return true;
  if (frame.kind === 'section') return is(after, T.Colon);
  return is(after, T.Equals) && isOneOf(before, [T.LParen, T.Comma]);
}

function isNamedFn(tokens: readonly IToken[], index: number): boolean {
  return is(tokens[index], T.Fn) && is(tokens[index + 1], T.Id);
}

/** A statement keyword is never inside brackets: those were not closed. */
function leaveBrackets(frames: Frame[]): void {
  while (frames.length > 1 && frames.at(-1)?.kind !== 'body') frames.pop();
}

/** The token at `index`, as a keyword if it is a soft one in the place of one. */
function keyword(
  tokens: readonly IToken[],
  index: number,
  before: IToken | undefined,
  frame: Frame,
): IToken | undefined {
  const token = tokens[index];
  if (token === undefined || !is(token, T.Identifier) || isOneOf(before, nameFollows)) return token;
  const infix = Object.hasOwn(infixes, token.image) ? infixes[token.image] : undefined;
  if (infix !== undefined) return isInfix(tokens, index, before) ? retag(token, infix) : token;
  const statement = Object.hasOwn(statements, token.image) ? statements[token.image] : undefined;
  if (statement !== undefined) {
    return isStatement(tokens, index, before, frame) ? retag(token, statement) : token;
  }
  const pinsVersion = token.image === 'nn' && index === 0 && is(tokens[1], T.NumberLiteral);
  return pinsVersion ? retag(token, T.Nn) : token;
}

function isInfix(tokens: readonly IToken[], index: number, before: IToken | undefined): boolean {
  const after = tokens[index + 1];
  if (!endsExpression(before)) return false;
  switch (tokens[index]?.image) {
    case 'as':
      return is(after, T.Id);
    case 'in':
      return is(tokens[index - 2], T.Repeat);
    case 'from':
      return is(after, T.StringLiteral);
    default:
      return is(after, T.LParen);
  }
}

function isStatement(
  tokens: readonly IToken[],
  index: number,
  before: IToken | undefined,
  frame: Frame,
): boolean {
  const [token, after, third] = tokens.slice(index, index + 3);
  if (token === undefined || after === undefined) return false;
  if (token.image === 'loss' && is(after, T.Equals)) return !isOneOf(before, [T.LParen, T.Comma]);
  if (!is(after, T.Identifier)) return false;
  // `x |> update as h`: the word after a name may itself be an infix.
  const isName = !Object.hasOwn(infixes, after.image);
  if (!isName && !isOneOf(third, [T.Equals, T.Colon, T.Comma])) return false;
  const ended = before === undefined || endsExpression(before) || is(before, T.LBrace);
  if (ended && frame.kind !== 'section') return true;
  // After an operator it is an operand, unless the line before was broken off.
  return firstOnLine(tokens, index) && lineOf(token) === lineOf(after);
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
  return !sameLine && isOneOf(token, [T.LParen, T.LBracket, T.LBrace]);
}
